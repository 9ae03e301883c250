"""Attention whose backward pass is quick on a CPU.

PyTorch's own for CPUs takes most of a training step: it goes block by block. Here the weights are
calculated again in one piece, in bfloat16 where the CPU multiplies it in hardware.
https://arxiv.org/abs/2205.14135, algorithm 4, without the blocks.
"""

from __future__ import annotations

import torch
from torch.nn.functional import scaled_dot_product_attention

NAME = "dateline"
_MASKED = -1e4


class _Attention(torch.autograd.Function):  # type: ignore[misc]
    @staticmethod
    def forward(ctx, query, key, value, bias):  # type: ignore[no-untyped-def]
        mixed = scaled_dot_product_attention(query, key, value, attn_mask=bias)
        ctx.save_for_backward(query, key, value, bias, mixed)
        return mixed

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[no-untyped-def]
        query, key, value, bias, mixed = ctx.saved_tensors
        texts, heads, tokens, width = query.shape

        def flat(x: torch.Tensor) -> torch.Tensor:
            return x.reshape(texts * heads, tokens, width)

        scale = width**-0.5
        scaled, gradient = flat(query * scale), flat(gradient.to(value.dtype))
        scores = torch.bmm(scaled, flat(key).transpose(1, 2)).view(texts, heads, tokens, tokens)
        if bias is not None:
            scores = scores.add_(bias)
        weights = torch.softmax(scores, -1).view(texts * heads, tokens, tokens)
        to_value = torch.bmm(weights.transpose(1, 2), gradient)
        inner = (gradient * flat(mixed)).sum(-1, keepdim=True)
        to_scores = torch.bmm(gradient, flat(value).transpose(1, 2)).sub_(inner).mul_(weights)
        to_query = torch.bmm(to_scores, flat(key)).mul_(scale)
        to_key = torch.bmm(to_scores.transpose(1, 2), scaled)
        shape = query.shape
        return to_query.view(shape), to_key.view(shape), to_value.view(shape), None


def attend(_module, query, key, value, attention_mask, **_options):  # type: ignore[no-untyped-def]
    """Return mixed values and no weights, as transformers' attention functions do."""
    bias = attention_mask
    if bias is not None and bias.dtype == torch.bool:
        hidden = torch.zeros_like(bias, dtype=query.dtype)
        bias = hidden.masked_fill_(~attention_mask, _MASKED)
    mixed = _Attention.apply(query, key, value, bias)
    return mixed.transpose(1, 2).contiguous(), None


def register() -> None:
    """Make it known to transformers under NAME."""
    from transformers import AttentionInterface
    from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
