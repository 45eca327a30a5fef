# A service that knows bob and carol, and hangs over anybody called hang…. Its argument is the port, 0 for any.
import http.server, json, sys, threading

PASSWORDS = {"bob": "tulip", "carol": "rose"}


class Users(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        print("asked for", asked["username"], "of", asked["realm"], flush=True)
        if asked["username"].startswith("hang"):
            threading.Event().wait()
        password = PASSWORDS.get(asked["username"])
        body = json.dumps({"password": password}).encode() if password else b""
        trusted = self.headers["Authorization"] == "Bearer t0ken"
        self.send_response(401 if not trusted else 200 if password else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Users)
print("serving on", server.server_port, flush=True)
server.serve_forever()
