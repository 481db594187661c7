# SPDX-License-Identifier: Apache-2.0
"""HTTP/2 for the loopback service: the same answers, each stream in a thread.

`serve` is given a connection whose TLS has agreed on h2. What a handler writes by
HTTP/1.1's functions becomes frames; faults that only HTTP/2 has are here.
"""
import email.message
import io
import select
import socket
import threading

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

NOT_FORWARDED = ("connection", "transfer-encoding")


class _Out:
    """What a handler writes its body to."""

    def __init__(self, send):
        self.write = send

    def flush(self):
        pass


def stream_of(handler):
    """A handler of HTTP/1.1 that answers one stream."""
    class Stream(handler):
        def __init__(self, connection, number, headers, body):
            self.h2, self.number = connection, number
            self.service = connection.service
            self.close_connection = False
            fields = {k.decode() if isinstance(k, bytes) else k:
                      v.decode() if isinstance(v, bytes) else v for k, v in headers}
            self.command, self.path = fields[":method"], fields[":path"]
            self.headers = email.message.Message()
            self.headers["Host"] = fields[":authority"]
            for name, value in fields.items():
                if not name.startswith(":"):
                    self.headers[name] = value
            self.headers["Content-Length"] = self.headers["Content-Length"] or str(len(body))
            self.rfile, self.wfile = io.BytesIO(body), _Out(lambda data: connection.send(number, data))
            self.connection = connection
            try:
                getattr(self, "do_" + self.command)()
                connection.end(number)
            except (OSError, KeyError, h2.exceptions.ProtocolError):
                pass  # the client went away, or gave this stream up

        def send_response_only(self, status, message=None):
            self.fields = [(":status", str(status))]

        def send_header(self, name, value):
            if name.lower() not in NOT_FORWARDED:
                self.fields.append((name.lower(), value))

        def end_headers(self):
            self.h2.send_headers(self.number, self.fields)

        def misbehave(self, bad, whole):
            if bad.how == "refuse":  # it was not looked at: may be asked again
                self.h2.reset(self.number, h2.errors.ErrorCodes.REFUSED_STREAM)
            elif bad.how == "reset":
                self.h2.reset(self.number, h2.errors.ErrorCodes.INTERNAL_ERROR)
            elif bad.how == "goaway":  # nothing of this connection was looked at from here on
                self.h2.goaway(max(0, self.number - 2))
            elif bad.how == "stall":  # nobody is there any more, and no one says so
                self.h2.stalled = True
            elif bad.how == "short":  # ends in good order, but too early
                self.send_response_only(200)
                self.send_header("Content-Type", "application/json")
                if bad.value:
                    self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"recordingConfigur')
            elif bad.how == "cut":  # in the middle of a body
                self.send_response_only(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"recordingConfiguration":')
                self.h2.reset(self.number, h2.errors.ErrorCodes.CANCEL)
            else:
                super().misbehave(bad, whole)

    return Stream


class _Connection:
    def __init__(self, service, sock, handler):
        self.service, self.sock = service, sock
        self.stream = stream_of(handler)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        # one TLS connection is no thing for two threads
        self.lock = threading.RLock()
        self.room = threading.Condition(self.lock)
        self.over = self.stalled = False
        self.requests = {}

    # ---- out -----------------------------------------------------------------

    def flush(self):
        data = self.h2.data_to_send()
        if data and not self.stalled:
            self.sock.sendall(data)

    def send_headers(self, number, fields):
        with self.lock:
            self.h2.send_headers(number, fields)
            self.flush()

    def send(self, number, data):
        while data:
            with self.lock:
                most = min(self.h2.local_flow_control_window(number), self.h2.max_outbound_frame_size)
                if most <= 0:
                    self.room.wait(1)
                    if self.over:
                        raise OSError("gone")
                    continue
                self.h2.send_data(number, data[:most])
                self.flush()
                data = data[most:]

    def end(self, number):
        with self.lock:
            if not self.over and not self.h2.state_machine.state.name == "CLOSED":
                try:
                    self.h2.end_stream(number)
                except (KeyError, h2.exceptions.ProtocolError):
                    return  # it was reset
                self.flush()

    def reset(self, number, code):
        with self.lock:
            self.h2.reset_stream(number, code)
            self.flush()

    def goaway(self, last):
        with self.lock:
            self.h2.close_connection(last_stream_id=last)
            self.flush()
            self.shutdown(socket.SHUT_RDWR)

    def shutdown(self, how):
        """As of a socket: the end of the whole connection."""
        self.over = True
        self.sock.shutdown(how)

    # ---- in ------------------------------------------------------------------

    def take(self, event):
        if isinstance(event, h2.events.RequestReceived):
            self.requests[event.stream_id] = (event.headers, [])
        elif isinstance(event, h2.events.DataReceived):
            self.requests[event.stream_id][1].append(event.data)
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            headers, body = self.requests.pop(event.stream_id)
            threading.Thread(target=self.stream, daemon=True,
                             args=(self, event.stream_id, headers, b"".join(body))).start()
        elif isinstance(event, h2.events.WindowUpdated):
            self.room.notify_all()
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.over = True

    def serve(self):
        with self.lock:
            self.h2.initiate_connection()
            if self.service.streams is not None:
                self.h2.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS:
                                         self.service.streams})
            self.flush()
        while not self.over and not self.service.stopping:
            if not self.sock.pending() and not select.select([self.sock], [], [], 0.02)[0]:
                continue
            with self.lock:
                if self.stalled:
                    threading.Event().wait(0.02)
                    continue
                data = self.sock.recv(65536)
                if not data:
                    break
                for event in self.h2.receive_data(data):
                    self.take(event)
                self.flush()
        with self.lock:
            self.over = True
            self.room.notify_all()


def serve(service, sock, handler):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        _Connection(service, sock, handler).serve()
    except (OSError, ValueError, h2.exceptions.ProtocolError):
        pass  # the client went away
