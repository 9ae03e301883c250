"""MiniLM as an ONNX graph, built from its weights with onnxruntime's fused operators.

Inputs: `ids` and `mask`, int32 [batch, tokens]; `pool`, float32 [batch, vectors, tokens], which
says with 1 and 0 which tokens each vector sums up. Output: `vectors`, float32
[batch, vectors, 384], not yet of unit length. A sum and a mean point the same way, and 0 and 1,
unlike 1/n, are exact in bfloat16.

Reading several vectors out of one pass, each pooled over the tokens of one sentence, is "late"
pooling: https://arxiv.org/abs/2409.04701, section 3.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.embed.weights import ModelFiles

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

_FUSED = "com.microsoft"
_OPSET = 17
_IR_VERSION = 8

Tensor = Callable[[str], NDArray[np.float32]]
Constant = NDArray[np.generic] | np.generic


def build_float32(model: ModelFiles) -> ModelProto:
    """Return the graph in float32.

    Raises:
        SettingsError: The weights are not the expected ones.
    """
    from safetensors import safe_open

    config = json.loads(model.config.read_text(encoding="utf-8"))
    with safe_open(str(model.verified_weights), "numpy") as weights:
        builder = Builder(weights.get_tensor, config["num_attention_heads"])
        return builder.build(config["num_hidden_layers"], config["hidden_size"])


class Builder:
    """Collects the nodes and constants of one graph."""

    def __init__(self, tensor: Tensor, heads: int) -> None:
        self._tensor = tensor
        self._heads = heads
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def build(self, layers: int, width: int) -> ModelProto:
        """Return the checked graph of `layers` layers of `width` numbers a token."""
        from onnx import TensorProto, checker, helper

        x = self._embeddings()
        for layer in range(layers):
            x = self._layer(f"encoder.layer.{layer}.", x)
        self._node("MatMul", ["pool", x], "vectors", domain="")
        int32, float32, info = TensorProto.INT32, TensorProto.FLOAT, helper.make_tensor_value_info
        inputs = [info(name, int32, ["batch", "tokens"]) for name in ("ids", "mask")]
        inputs.append(info("pool", float32, ["batch", "vectors", "tokens"]))
        outputs = [info("vectors", float32, ["batch", "vectors", width])]
        # Shape inference does not know the fused operators, and quantisation asks for this type.
        hidden = info(x, float32, ["batch", "tokens", width])
        graph = helper.make_graph(
            self._nodes, "minilm", inputs, outputs, self._constants, value_info=[hidden]
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
        checker.check_model(model)
        return model

    def _embeddings(self) -> str:
        words = self._constant("words", self._tensor("embeddings.word_embeddings.weight"))
        # Every token is of type 0, so its vector can be added to all positions beforehand.
        kinds = self._tensor("embeddings.token_type_embeddings.weight")
        places = self._tensor("embeddings.position_embeddings.weight") + kinds[0]
        norm = self._weight_and_bias("embeddings.LayerNorm.")
        inputs = ["ids", "", words, self._constant("places", places), "", *norm, "mask"]
        outputs = ["embedded", "embedded.mask_index"]
        return self._node("EmbedLayerNormalization", inputs, *outputs, epsilon=1e-12)

    def _layer(self, name: str, x: str) -> str:
        attended = self._attention(name + "attention.", x)
        wide = self._dense(name + "intermediate.dense.", attended)
        bias = self._constant_of(name + "intermediate.dense.bias")
        active = self._node("BiasGelu", [wide, bias], name + "gelu")
        narrow = self._dense(name + "output.dense.", active)
        return self._add_and_norm(name + "output.", narrow, attended)

    def _attention(self, name: str, x: str) -> str:
        parts = [f"{name}self.{part}." for part in ("query", "key", "value")]
        weights = np.concatenate([self._tensor(part + "weight").T for part in parts], axis=1)
        bias = np.concatenate([self._tensor(part + "bias") for part in parts])
        mixed = self._mixed(name, x, weights, bias)
        return self._add_and_norm(name + "output.", self._dense(name + "output.dense.", mixed), x)

    def _mixed(
        self, name: str, x: str, weights: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> str:
        """Add attention without its last dense layer; `weights` are query, key and value."""
        constants = [self._constant(name + "qkv", weights), self._constant(name + "qkv.bias", bias)]
        inputs = [x, *constants, "mask"]
        return self._node("Attention", inputs, name + "mixed", num_heads=self._heads)

    def _dense(self, name: str, x: str) -> str:
        weight = self._constant(name + "weight", self._tensor(name + "weight").T)
        return self._node("MatMul", [x, weight], name + "product", domain="")

    def _add_and_norm(self, name: str, x: str, skip: str) -> str:
        inputs = [x, skip, *self._weight_and_bias(name + "LayerNorm.")]
        inputs.append(self._constant_of(name + "dense.bias"))
        return self._node("SkipLayerNormalization", inputs, name + "normed", epsilon=1e-12)

    def _weight_and_bias(self, name: str) -> list[str]:
        return [self._constant_of(name + "weight"), self._constant_of(name + "bias")]

    def _constant_of(self, name: str) -> str:
        return self._constant(name, self._tensor(name))

    def _constant(self, name: str, value: Constant) -> str:
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def _node(
        self,
        kind: str,
        inputs: list[str],
        *outputs: str,
        domain: str = _FUSED,
        **attributes: float | list[int],
    ) -> str:
        from onnx import helper

        node = helper.make_node(kind, inputs, outputs, name=outputs[0], domain=domain)
        node.attribute.extend(helper.make_attribute(*pair) for pair in attributes.items())
        self._nodes.append(node)
        return outputs[0]
