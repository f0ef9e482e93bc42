/**
 * CloudFront runs it before the frontend's cache (viewer request). A path whose last part has no ending is a page of the application, which knows
 * its own routes in the browser: it gets index.html. Everything else is a file, and one that is missing stays missing. It never sees the API.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- CloudFront calls the function of this name
function handler(event) {
  const request = event.request;
  const last = request.uri.slice(request.uri.lastIndexOf("/") + 1);
  if (!last.includes(".")) request.uri = "/index.html";
  return request;
}
