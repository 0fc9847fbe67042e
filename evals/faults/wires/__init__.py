"""How chat models are spoken to: OpenAI-compatible servers, Anthropic, Ollama.

Each module reads a request (`asked_of`) and writes what the model says (`whole`, `events`). What it
says is the same for all: `content`, `refusal`, or `calls` of tools as (name, arguments as JSON text).
"""
