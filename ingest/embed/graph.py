"""MiniLM as an ONNX graph, built from its weights with onnxruntime's fused operators.

Every graph takes `mask`, int32 [batch, tokens]: 1 for a token and 0 for padding. What else goes in,
and what comes out, its head says: see heads.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.embed.heads import EPSILON, Head, Vectors, floats, integers
from ingest.embed.weights import ModelFiles

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

_FUSED = "com.microsoft"
_OPSET = 17
_IR_VERSION = 8

Tensor = Callable[[str], NDArray[np.float32]]
Constant = NDArray[np.generic] | np.generic


def build_float32(model: ModelFiles) -> ModelProto:
    """Return the graph that gives vectors, in float32.

    Raises:
        SettingsError: The weights are not the expected ones.
    """
    from safetensors import safe_open

    with safe_open(str(model.verified_weights), "numpy") as weights:
        return Builder(Weights(weights.get_tensor, read_sizes(model)), Vectors()).build()


@dataclass(frozen=True)
class Sizes:
    """How large a model is.

    Attributes:
        layers: How many there are.
        width: Numbers a token.
        heads: Of attention, in each layer.
    """

    layers: int
    width: int
    heads: int


@dataclass(frozen=True)
class Weights:
    """What a graph is built of: each tensor by the name that BERT models give it."""

    tensor: Tensor
    sizes: Sizes


def read_sizes(model: ModelFiles) -> Sizes:
    """Return how large a model is, from its config.json."""
    config = json.loads(model.config.read_text(encoding="utf-8"))
    return Sizes(config["num_hidden_layers"], config["hidden_size"], config["num_attention_heads"])


class Builder:
    """Collects the nodes and constants of one graph."""

    def __init__(self, weights: Weights, head: Head) -> None:
        self.tensor = weights.tensor
        self._sizes = weights.sizes
        self._head = head
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def build(self) -> ModelProto:
        """Return the checked graph."""
        from onnx import checker, helper

        width = self._sizes.width
        x = self._embeddings()
        for layer in range(self._sizes.layers):
            x = self._layer(f"encoder.layer.{layer}.", x)
        self._head.read_out(self, x)
        # Shape inference does not know the fused operators, and quantisation asks for this type.
        hidden = floats(x, ["batch", "tokens", width])
        graph = helper.make_graph(
            self._nodes,
            "minilm",
            [integers("mask"), *self._head.inputs(width)],
            [self._head.output(width)],
            self._constants,
            value_info=[hidden],
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
        checker.check_model(model)
        return model

    def _embeddings(self) -> str:
        return self._head.embedded(self)

    def _layer(self, name: str, x: str) -> str:
        attended = self._attention(name + "attention.", x)
        wide = self._dense(name + "intermediate.dense.", attended)
        bias = self.constant_of(name + "intermediate.dense.bias")
        active = self.node("BiasGelu", [wide, bias], name + "gelu")
        narrow = self._dense(name + "output.dense.", active)
        return self._add_and_norm(name + "output.", narrow, attended)

    def _attention(self, name: str, x: str) -> str:
        parts = [f"{name}self.{part}." for part in ("query", "key", "value")]
        weights = np.concatenate([self.tensor(part + "weight").T for part in parts], axis=1)
        bias = np.concatenate([self.tensor(part + "bias") for part in parts])
        mixed = self._mixed(name, x, weights, bias)
        return self._add_and_norm(name + "output.", self._dense(name + "output.dense.", mixed), x)

    def _mixed(
        self, name: str, x: str, weights: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> str:
        """Add attention without its last dense layer; `weights` are query, key and value."""
        constants = [self.constant(name + "qkv", weights), self.constant(name + "qkv.bias", bias)]
        inputs = [x, *constants, "mask"]
        return self.node("Attention", inputs, name + "mixed", num_heads=self._sizes.heads)

    def _dense(self, name: str, x: str) -> str:
        weight = self.constant(name + "weight", self.tensor(name + "weight").T)
        return self.node("MatMul", [x, weight], name + "product", domain="")

    def _add_and_norm(self, name: str, x: str, skip: str) -> str:
        inputs = [x, skip, *self.weight_and_bias(name + "LayerNorm.")]
        inputs.append(self.constant_of(name + "dense.bias"))
        return self.node("SkipLayerNormalization", inputs, name + "normed", epsilon=EPSILON)

    def weight_and_bias(self, name: str) -> list[str]:
        """Add a normalisation's two tensors as constants; return their names."""
        return [self.constant_of(name + "weight"), self.constant_of(name + "bias")]

    def constant_of(self, name: str) -> str:
        """Add a tensor of the model as a constant of its name; return that."""
        return self.constant(name, self.tensor(name))

    def constant(self, name: str, value: Constant) -> str:
        """Add a constant; return its name."""
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(
        self,
        kind: str,
        inputs: list[str],
        *outputs: str,
        domain: str = _FUSED,
        **attributes: float | list[int],
    ) -> str:
        """Add a node; return the name of its first output."""
        from onnx import helper

        node = helper.make_node(kind, inputs, outputs, name=outputs[0], domain=domain)
        node.attribute.extend(helper.make_attribute(*pair) for pair in attributes.items())
        self._nodes.append(node)
        return outputs[0]
