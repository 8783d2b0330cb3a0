"""Stands for the deployed shop: /health and /version over HTTP."""
import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        version = {"version": os.environ["RELEASE_VERSION"], "digest": os.environ["RELEASE_DIGEST"]}
        body = {"/health": "healthy", "/version": json.dumps(version)}.get(self.path)
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, format, *args):
        pass


port = int(os.environ["ASPNETCORE_URLS"].rsplit(":", 1)[1])
HTTPServer(("127.0.0.1", port), Handler).serve_forever()
