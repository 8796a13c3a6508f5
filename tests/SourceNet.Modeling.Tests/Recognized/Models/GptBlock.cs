public sealed class SelfAttention : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Linear qkv, proj;
    private readonly int heads;
    private readonly double dropout;

    public SelfAttention(int dim, int heads, double dropout)
        : base("attention")
    {
        this.heads = heads;
        this.dropout = dropout;
        qkv = nn.Linear(dim, 3 * dim, hasBias: false);
        proj = nn.Linear(dim, dim);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var (b, t, c) = (x.shape[0], x.shape[1], x.shape[2]);
        var parts = qkv.call(x).chunk(3, 2);
        var q = parts[0].view(b, t, heads, c / heads).transpose(1, 2);
        var k = parts[1].view(b, t, heads, c / heads).transpose(1, 2);
        var v = parts[2].view(b, t, heads, c / heads).transpose(1, 2);
        var y = nn.functional.scaled_dot_product_attention(q, k, v, p: training ? dropout : 0, is_casual: true);
        return proj.call(y.transpose(1, 2).contiguous().view(b, t, c));
    }
}

public sealed class GptBlock : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.LayerNorm ln1, ln2;
    private readonly SelfAttention attention;
    private readonly TorchSharp.Modules.Sequential mlp;

    public GptBlock(int dim, int heads, double dropout)
        : base("block")
    {
        ln1 = nn.LayerNorm(dim);
        ln2 = nn.LayerNorm(dim);
        attention = new SelfAttention(dim, heads, dropout);
        mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim), nn.Dropout(dropout));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = x + attention.call(ln1.call(x));
        return x + mlp.call(ln2.call(x));
    }
}

public sealed class Gpt : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Embedding tokens, positions;
    private readonly TorchSharp.Modules.ModuleList<GptBlock> blocks = new();
    private readonly TorchSharp.Modules.LayerNorm norm;
    private readonly TorchSharp.Modules.Linear head;

    public Gpt(int vocabulary, int context, int dim = 256, int heads = 8, int layers = 2)
        : base("gpt")
    {
        tokens = nn.Embedding(vocabulary, dim);
        positions = nn.Embedding(context, dim);
        for (var i = 0; i < layers; i++)
        {
            blocks.Add(new GptBlock(dim, heads, 0.1));
        }

        norm = nn.LayerNorm(dim);
        head = nn.Linear(dim, vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids)
    {
        var x = tokens.call(ids) + positions.call(arange(ids.shape[1], device: ids.device));
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return head.call(norm.call(x));
    }
}
