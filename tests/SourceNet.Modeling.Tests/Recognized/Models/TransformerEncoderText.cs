public sealed class TextModel : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly TorchSharp.Modules.TransformerEncoder encoder;
    private readonly TorchSharp.Modules.Embedding embed;
    private readonly TorchSharp.Modules.Linear decoder;
    private readonly double scale;

    public TextModel(long tokens, long width, long heads, long hidden, long layers, double dropout)
        : base("text")
    {
        scale = Math.Sqrt(width);
        encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(width, heads, hidden, dropout), layers);
        embed = nn.Embedding(tokens, width);
        decoder = nn.Linear(width, tokens);
        RegisterComponents();
    }

    public override Tensor forward(Tensor t, Tensor mask)
    {
        var src = embed.call(t) * scale;
        var enc = encoder.call(src, mask, null);
        return decoder.call(enc);
    }
}
