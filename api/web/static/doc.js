// Swagger UI on this service's own document. Nothing is fetched from anywhere else.
"use strict";

const { openapi, detailsFor } = document.currentScript.dataset;

// What was typed in the dialog, as the header that carries it.
let authorization;

// The bytes of a text in UTF-8, each as one character: btoa takes no others, and the service reads UTF-8.
function bytes(text) {
  return String.fromCharCode(...new TextEncoder().encode(text ?? ""));
}

// Where strangers are not told everything, the document is fetched again when somebody signs in or out.
function reload(system) {
  if (detailsFor === "signed-in") system.specActions.download(openapi);
}

const signingIn = {
  statePlugins: {
    auth: {
      wrapActions: {
        authorize: (original, system) => (payload) => {
          const { basicAuth } = payload;
          const username = bytes(basicAuth.value?.username);
          const password = bytes(basicAuth.value?.password);
          authorization = `Basic ${btoa(`${username}:${password}`)}`;
          original({ basicAuth: { ...basicAuth, value: { username, password } } });
          reload(system);
        },
        logout: (original, system) => (payload) => {
          authorization = undefined;
          original(payload);
          reload(system);
        },
      },
    },
  },
};

window.addEventListener("load", () => {
  SwaggerUIBundle({
    url: openapi,
    dom_id: "#doc",
    deepLinking: true,
    // Swagger UI would send the document to a validator on another host.
    validatorUrl: null,
    // It remembers nothing: what was typed is gone when the page is.
    persistAuthorization: false,
    plugins: [signingIn],
    requestInterceptor: (request) => {
      if (request.loadSpec && authorization) request.headers.Authorization = authorization;
      return request;
    },
  });
});
