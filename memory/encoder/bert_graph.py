"""BERT as a graph for ONNX Runtime, written from its weights in the form that runs fastest.

What torch exports by itself calls for each head's products apart, and for a normalisation that ONNX
Runtime does number by number: together a fifth of an encoding. Here attention is one operator, and
the normalisation is made of whole-row ones. The arithmetic is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
MICROSOFT = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""
OPSET, OWN_OPSET, FORMAT = 18, 1, 9
PARTS = ("query", "key", "value")


class BertGraph:
    """The nodes of one model, from the ids of its tokens to their vectors."""

    def __init__(self, config: Any, weights: Mapping[str, Array]) -> None:
        """`config`: of a BERT model, as transformers reads it; `weights` by their names in it."""
        self._config = config
        self._weights = weights
        self._nodes: list[Any] = []
        self._stored: list[Any] = []

    def write(self, target: Path) -> None:
        """Store it; its inputs are `input_ids` and `attention_mask`, its output `tokens`."""
        from onnx import TensorProto, helper, save

        self._build()
        shape = ["batch", "length"]
        named = [
            helper.make_tensor_value_info(one, TensorProto.INT64, shape)
            for one in ("input_ids", "attention_mask")
        ]
        width = [*shape, self._config.hidden_size]
        found = [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, width)]
        graph = helper.make_graph(self._nodes, "bert", named, found, self._stored)
        domains = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, OWN_OPSET)]
        save(helper.make_model(graph, opset_imports=domains, ir_version=FORMAT), str(target))

    def _build(self) -> None:
        from onnx import TensorProto

        self._store("last", np.array([-1], np.int64))
        self._store("share", np.array(1 / self._config.hidden_size, np.float32))
        self._store("least", np.array(self._config.layer_norm_eps, np.float32))
        self._node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        found = self._embedded()
        for number in range(self._config.num_hidden_layers):
            found = self._layer(f"encoder.layer.{number}", found)
        self._node("Identity", [found], "tokens")

    def _embedded(self) -> str:
        place = self._weights["embeddings.position_embeddings.weight"]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        self._store("zero", np.array([0], np.int64))
        self._node("Shape", ["input_ids"], "length", start=1, end=2)
        self._node("Slice", [self._store("places", place + kind), "zero", "length", "zero"], "here")
        words = self._store("words", self._weights["embeddings.word_embeddings.weight"])
        self._node("Gather", [words, "input_ids"], "said")
        return self._normal("embeddings", self._node("Add", ["said", "here"], "embedded"))

    def _layer(self, name: str, found: str) -> str:
        own = f"{name}.attention.self"
        weights = [self._weights[f"{own}.{one}.weight"].T for one in PARTS]
        biases = [self._weights[f"{own}.{one}.bias"] for one in PARTS]
        asked = [
            found,
            self._store(f"{own}.weights", np.concatenate(weights, axis=1)),
            self._store(f"{own}.biases", np.concatenate(biases)),
            "mask",
        ]
        heads = self._config.num_attention_heads
        met = self._node("Attention", asked, own, MICROSOFT, num_heads=heads)
        found = self._beside(f"{name}.attention.output", met, found)
        inner = self._product(f"{name}.intermediate.dense", found)
        bias = self._given(f"{name}.intermediate.dense.bias")
        inner = self._node("BiasGelu", [inner, bias], f"{name}.intermediate", MICROSOFT)
        return self._beside(f"{name}.output", inner, found)

    def _beside(self, name: str, inner: str, found: str) -> str:
        """What a part of a layer adds to what it was given."""
        added = self._product(f"{name}.dense", inner)
        added = self._node("Add", [added, self._given(f"{name}.dense.bias")], f"{name}.biased")
        return self._normal(name, self._node("Add", [added, found], f"{name}.sum"))

    def _product(self, name: str, found: str) -> str:
        weight = self._store(f"{name}.weight", self._weights[f"{name}.weight"].T)
        return self._node("MatMul", [found, weight], name)

    def _normal(self, name: str, found: str) -> str:
        """Each row with the mean and the spread that the model learned."""
        name = f"{name}.LayerNorm"
        mean = self._node("ReduceMean", [found, "last"], f"{name}.mean", keepdims=1)
        apart = self._node("Sub", [found, mean], f"{name}.apart")
        squares = self._node("ReduceSumSquare", [apart, "last"], f"{name}.squares", keepdims=1)
        spread = self._node("Mul", [squares, "share"], f"{name}.variance")
        spread = self._node("Add", [spread, "least"], f"{name}.above")
        spread = self._node("Sqrt", [spread], f"{name}.spread")
        found = self._node("Div", [apart, spread], f"{name}.unit")
        found = self._node("Mul", [found, self._given(f"{name}.weight")], f"{name}.scaled")
        return self._node("Add", [found, self._given(f"{name}.bias")], name)

    def _given(self, name: str) -> str:
        return self._store(name, self._weights[name])

    def _store(self, name: str, values: Array) -> str:
        from onnx import numpy_helper

        self._stored.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(
        self, kind: str, given: Sequence[str], name: str, domain: str = "", **settings: Any
    ) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, given, [name], name, domain=domain, **settings))
        return name
