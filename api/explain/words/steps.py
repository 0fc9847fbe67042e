"""Nodes, minds and checks, in words."""

from __future__ import annotations

from typing import assert_never

from memory.journal.codes import Check, MindDecision, Node, StepKind, Verdict


def done_words(node: Node) -> str:
    """What a step did."""
    match node:
        case Node.TRIAGE:
            return "The message was read"
        case Node.PLAN:
            return "A plan was made"
        case Node.GATHER:
            return "A step of the plan was carried out"
        case Node.ASSESS:
            return "The evidence was weighed"
        case Node.DRAFT:
            return "A reply was written"
        case Node.CHECK:
            return "The draft was checked"
        case Node.HAND_OFF:
            return "It was handed to a person"
        case Node.AWAIT_HUMAN:
            return "A person's decision was taken in"
        case Node.ACT:
            return "The approved actions were carried out"
        case Node.DELIVER:
            return "The reply was sent"
        case Node.REMEMBER:
            return "The case was filed as memory"
        case _:
            assert_never(node)


def doing_words(node: Node) -> str:
    """What it is called when it failed or is spoken of."""
    match node:
        case Node.TRIAGE:
            return "Reading the message"
        case Node.PLAN:
            return "Making a plan"
        case Node.GATHER:
            return "A step of the plan"
        case Node.ASSESS:
            return "Weighing the evidence"
        case Node.DRAFT:
            return "Writing the reply"
        case Node.CHECK:
            return "Checking the draft"
        case Node.HAND_OFF:
            return "Handing it to a person"
        case Node.AWAIT_HUMAN:
            return "Taking a person's decision in"
        case Node.ACT:
            return "Carrying the approved actions out"
        case Node.DELIVER:
            return "Sending the reply"
        case Node.REMEMBER:
            return "Filing the case as memory"
        case _:
            assert_never(node)


def node_of(decision: MindDecision) -> Node:
    """The step that asks a model for it."""
    match decision:
        case MindDecision.CLASSIFY:
            return Node.TRIAGE
        case MindDecision.PLAN:
            return Node.PLAN
        case MindDecision.WRITE:
            return Node.DRAFT
        case MindDecision.JUDGE:
            return Node.CHECK
        case _:
            assert_never(decision)


def asked_words(decision: MindDecision) -> str:
    """What a model is asked for."""
    match decision:
        case MindDecision.CLASSIFY:
            return "naming the intent"
        case MindDecision.PLAN:
            return "planning"
        case MindDecision.WRITE:
            return "writing the reply"
        case MindDecision.JUDGE:
            return "judging the reply"
        case _:
            assert_never(decision)


def check_words(check: Check) -> str:
    """What objected to a draft."""
    match check:
        case Check.CITATIONS:
            return "the citations"
        case Check.GROUNDING:
            return "the grounding"
        case Check.PERSONAL_DATA:
            return "personal data of others"
        case Check.PROMISES:
            return "forbidden promises"
        case Check.INSTRUCTIONS:
            return "repeated instructions"
        case Check.LANGUAGE:
            return "the language"
        case Check.LENGTH:
            return "the length"
        case Check.FACTS:
            return "the facts"
        case Check.REPETITION:
            return "what was sent before"
        case _:
            assert_never(check)


def verdict_words(verdict: Verdict) -> str:
    """What was decided to do next."""
    match verdict:
        case Verdict.DRAFT:
            return "write a reply"
        case Verdict.CLARIFY:
            return "ask the customer a question"
        case Verdict.REPLAN:
            return "look again with another plan"
        case Verdict.HAND_OFF:
            return "hand it to a person"
        case _:
            assert_never(verdict)


def wants_words(kind: StepKind) -> str:
    """What the plan wants of a tool."""
    match kind:
        case StepKind.SEARCH:
            return "searches with"
        case StepKind.ACTION:
            return "proposes"
        case StepKind.TOOL | StepKind.ALREADY_DONE:
            return "asks"
        case _:
            assert_never(kind)
