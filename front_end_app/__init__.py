"""The browser service: pages for people, drawn from what the API says of its models.

Law of this room: it knows the API only over HTTP and never imports it.
Imports point one way, as pyproject.toml holds them to:
`wsgi | __main__ → app → views → api_client → answers → forms → entries → cards → members → errors`
(a ranking's answers are in `rankings` and `marks`, its form in `experiences`; what needs somebody signed
in goes by way of `persons_api`, and `trainings`, `reports`, `versions` and `record` read what it brings);
`config`, `security`, `csrf`, `sessions`, `request_log` and `assets` are used by `app` and know none of
the others, but for the cookie's person in `people`.
Only `api_client` imports `requests`; only `app`, `views` and the cross-cuts import Flask.
No field of a form is written by hand: if a page needs to know a model, the card lacks something.
There is one exception, `experiences`: a card that names the API's routes for ranking experiences gets the
form that those routes take.
"""
