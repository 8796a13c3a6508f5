using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Benchmarks.HandWritten;

internal sealed class Attention : Module<Tensor, Tensor>
{
    private readonly long heads;
    private readonly Linear query, key, value, output;

    internal Attention(long dim, long heads) : base(nameof(Attention))
    {
        this.heads = heads;
        query = Linear(dim, dim, hasBias: false);
        key = Linear(dim, dim, hasBias: false);
        value = Linear(dim, dim, hasBias: false);
        output = Linear(dim, dim, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var (batch, length, dim) = (input.size(0), input.size(1), input.size(2));
        var attended = functional.scaled_dot_product_attention(Heads(query), Heads(key), Heads(value), is_casual: true);
        return output.call(attended.transpose(1, 2).reshape(batch, length, dim));

        Tensor Heads(Linear projection) => projection.call(input).view(batch, length, heads, dim / heads).transpose(1, 2);
    }
}

internal sealed class GptBlock : Module<Tensor, Tensor>
{
    private readonly RootMeanSquareNorm norm1, norm2;
    private readonly Attention attention;
    private readonly Linear gate, up, down;
    private readonly Dropout dropout;

    internal GptBlock(long dim, long heads) : base(nameof(GptBlock))
    {
        norm1 = new(dim);
        norm2 = new(dim);
        attention = new(dim, heads);
        gate = Linear(dim, 2 * dim, hasBias: false);
        up = Linear(dim, 2 * dim, hasBias: false);
        down = Linear(2 * dim, dim, hasBias: false);
        dropout = Dropout(0.1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = input + dropout.call(attention.call(norm1.call(input)));
        var normed = norm2.call(x);
        return x + dropout.call(down.call(functional.silu(gate.call(normed)) * up.call(normed)));
    }
}

internal sealed class Gpt : Module<Tensor, Tensor>
{
    private readonly Embedding tokens, positions;
    private readonly ModuleList<Module<Tensor, Tensor>> blocks;
    private readonly RootMeanSquareNorm norm;
    private readonly Linear logits;

    internal Gpt(long vocabulary, long dim, long heads, int layers, long context) : base(nameof(Gpt))
    {
        tokens = Embedding(vocabulary, dim);
        positions = Embedding(context, dim);
        blocks = ModuleList([.. Enumerable.Range(0, layers).Select(_ => (Module<Tensor, Tensor>)new GptBlock(dim, heads))]);
        norm = new(dim);
        logits = Linear(dim, vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = tokens.call(input) + positions.call(arange(input.size(1)));
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return logits.call(norm.call(x));
    }
}
