public sealed class CrossAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly TorchSharp.Modules.MultiheadAttention attention = nn.MultiheadAttention(64, 4, dropout: 0.1);
    private readonly TorchSharp.Modules.LayerNorm norm = nn.LayerNorm(64);

    public CrossAttention()
        : base("cross") => RegisterComponents();

    public override Tensor forward(Tensor query, Tensor context)
    {
        var (attended, _) = attention.call(query, context, context, null, false, null);
        return norm.call(query + attended);
    }
}
