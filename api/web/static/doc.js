// Swagger UI on this service's own document. Nothing is fetched from anywhere else.
"use strict";

const { openapi, detailsFor } = document.currentScript.dataset;

// What the document tells only to who has signed in is fetched again with what was typed in the dialog.
let authorization;

function basic({ username, password }) {
  const bytes = new TextEncoder().encode(`${username ?? ""}:${password ?? ""}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function reloading(remember) {
  return (original, system) => (payload) => {
    original(payload);
    remember(payload);
    system.specActions.download(openapi);
  };
}

const reloadOnSignIn = {
  statePlugins: {
    auth: {
      wrapActions: {
        authorize: reloading((payload) => {
          authorization = basic(payload.basicAuth?.value ?? {});
        }),
        logout: reloading(() => {
          authorization = undefined;
        }),
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
    plugins: detailsFor === "signed-in" ? [reloadOnSignIn] : [],
    requestInterceptor: (request) => {
      if (request.loadSpec && authorization) request.headers.Authorization = authorization;
      return request;
    },
  });
});
