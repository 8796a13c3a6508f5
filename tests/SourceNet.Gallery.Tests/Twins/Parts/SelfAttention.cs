using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Gallery.Twins;

/// <summary>Attention written out: scores, mask, softmax, weighted sum.</summary>
internal sealed class SelfAttention : nn.Module<Tensor, Tensor>
{
    private readonly long heads;
    private readonly long keyValueHeads;
    private readonly bool causal;
    private readonly bool rotary;
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Linear output;

    public SelfAttention(long dim, long heads, long? keyValueHeads = null, bool causal = false, bool rotary = false, bool bias = true)
        : base(nameof(SelfAttention))
    {
        this.heads = heads;
        this.keyValueHeads = keyValueHeads ?? heads;
        this.causal = causal;
        this.rotary = rotary;
        var narrow = dim / heads * this.keyValueHeads;
        query = nn.Linear(dim, dim, bias);
        key = nn.Linear(dim, narrow, bias);
        value = nn.Linear(dim, narrow, bias);
        output = nn.Linear(dim, dim, bias);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var (batch, length, dim) = (input.size(0), input.size(1), input.size(2));
        var size = dim / heads;
        var q = Rotate(query.call(input).view(batch, length, heads, size).transpose(1, 2));
        var k = Rotate(key.call(input).view(batch, length, keyValueHeads, size).transpose(1, 2)).repeat_interleave(heads / keyValueHeads, dim: 1);
        var v = value.call(input).view(batch, length, keyValueHeads, size).transpose(1, 2).repeat_interleave(heads / keyValueHeads, dim: 1);
        var scores = q.matmul(k.transpose(-2, -1)) / Math.Sqrt(size);
        if (causal)
        {
            scores = scores.masked_fill(ones(length, length).tril().eq(0), double.NegativeInfinity);
        }

        return output.call(scores.softmax(-1).matmul(v).transpose(1, 2).reshape(batch, length, dim));
    }

    /// <summary>Turns features i and i + d/2 together by the angle t · 10000^(−2i/d).</summary>
    private Tensor Rotate(Tensor x)
    {
        if (!rotary)
        {
            return x;
        }

        var (length, half) = (x.size(2), x.size(3) / 2);
        var frequencies = pow(10_000.0, arange(half, ScalarType.Float64) / -half);
        var angles = outer(arange(length, ScalarType.Float64), frequencies);
        var turns = cat([angles, angles], 1);
        var swapped = cat([-x.slice(3, half, 2 * half, 1), x.slice(3, 0, half, 1)], 3);
        return (x * turns.cos().to(x.dtype)) + (swapped * turns.sin().to(x.dtype));
    }
}
