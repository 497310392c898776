#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""OpenAI's own client library, unchanged, against a server of ours.

Usage: openai_client_test.py [--needs PATH] COMMAND...
COMMAND starts a server that takes its token from ORTHOSCRIBE_TOKEN, prints {"url": ...} as its first line and ends with its
standard input. Exits with 77 (skipped) when the library is not installed, or PATH or the program is missing.
"""

import base64
import json
import os
import struct
import subprocess
import sys
import time
import unittest
import urllib.request
import zlib

try:
    import openai
except ImportError:
    print("skipped: python3-openai is not installed")
    sys.exit(77)

TOKEN = "a-token-for-the-openai-client"


def png_data_url(width, height):
    """A green image."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x30\x90\x30" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(data).decode()


class OpenAiClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        environment = dict(os.environ, ORTHOSCRIBE_TOKEN=TOKEN)
        cls.server = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        cls.url = json.loads(cls.server.stdout.readline())["url"]
        while True:
            with urllib.request.urlopen(cls.url + "/health") as response:
                if json.load(response)["status"] == "ready":
                    break
            time.sleep(0.1)
        cls.client = openai.OpenAI(base_url=cls.url + "/v1", api_key=TOKEN, max_retries=0)
        cls.model = cls.client.models.list().data[0].id

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.stdin.close()
        cls.server.wait(timeout=20)
        cls.server.stdout.close()

    def ask(self, content="What is in this image?", **more):
        return self.client.chat.completions.create(
            model=self.model, messages=[{"role": "user", "content": content}], max_tokens=8, **more
        )

    def test_blas_threads_do_not_spin(self):
        process = f"/proc/{self.server.pid}"
        with open(f"{process}/maps") as maps, open(f"{process}/environ", "rb") as environment:
            if "openblas-pthread" not in maps.read():
                self.skipTest("no OpenBLAS with threads of its own")
            self.assertIn(b"OPENBLAS_THREAD_TIMEOUT=4", environment.read().split(b"\0"))

    def test_models(self):
        model = self.client.models.retrieve(self.model)
        self.assertEqual(model.id, self.model)
        self.assertEqual(model.object, "model")
        self.assertGreater(model.orthoscribe["imageSidePx"], 0)

    def test_chat(self):
        answer = self.ask(temperature=0)
        choice = answer.choices[0]
        self.assertEqual(choice.message.role, "assistant")
        self.assertTrue(choice.message.content)
        self.assertIn(choice.finish_reason, ("stop", "length"))
        self.assertGreater(answer.usage.completion_tokens, 0)
        self.assertEqual(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)
        self.assertIsNone(choice.logprobs)

    def test_stream_says_the_same(self):
        whole = self.ask(temperature=0).choices[0].message.content
        usage = None
        text = ""
        reasons = []
        for chunk in self.ask(temperature=0, stream=True, stream_options={"include_usage": True}):
            if chunk.usage:
                usage = chunk.usage
            for choice in chunk.choices:
                text += choice.delta.content or ""
                if choice.finish_reason:
                    reasons.append(choice.finish_reason)
        self.assertEqual(text, whole)
        self.assertEqual(len(reasons), 1)
        self.assertGreater(usage.completion_tokens, 0)

    def test_logprobs(self):
        answer = self.ask(temperature=0, logprobs=True, top_logprobs=3)
        tokens = answer.choices[0].logprobs.content
        self.assertEqual("".join(token.token for token in tokens), answer.choices[0].message.content)
        for token in tokens:
            self.assertLessEqual(token.logprob, 0)
            self.assertEqual(bytes(token.bytes).decode(), token.token)
            self.assertEqual(len(token.top_logprobs), 3)

    def test_image(self):
        url = png_data_url(64, 48)
        content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "What is this?"}]
        self.assertTrue(self.ask(content).choices[0].message.content)

    def test_stopping_a_stream_frees_the_model(self):
        stream = self.ask(stream=True)
        next(iter(stream))
        stream.close()
        self.assertTrue(self.ask().choices[0].message.content)

    def test_wrong_token(self):
        with openai.OpenAI(base_url=self.url + "/v1", api_key="wrong", max_retries=0) as stranger:
            with self.assertRaises(openai.AuthenticationError) as caught:
                stranger.models.list()
        self.assertEqual(caught.exception.code, "invalid_api_key")

    def test_bad_requests(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            self.ask(temperature=-1)
        self.assertEqual(caught.exception.param, "temperature")
        self.assertIn("must lie between", caught.exception.message)
        with self.assertRaises(openai.BadRequestError) as caught:
            self.ask([{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}])
        self.assertIn("nothing is fetched", caught.exception.message)
        with self.assertRaises(openai.BadRequestError):
            self.ask(n=2)

    def test_unknown_model(self):
        with self.assertRaises(openai.NotFoundError):
            self.client.chat.completions.create(model="none", messages=[{"role": "user", "content": "x"}])


def skip_unless_there(path):
    if not os.path.exists(path):
        print("skipped: there is no " + path)
        sys.exit(77)


if __name__ == "__main__":
    COMMAND = sys.argv[1:]
    if COMMAND[0] == "--needs":
        skip_unless_there(COMMAND[1])
        COMMAND = COMMAND[2:]
    skip_unless_there(COMMAND[0])
    unittest.main(argv=sys.argv[:1])
