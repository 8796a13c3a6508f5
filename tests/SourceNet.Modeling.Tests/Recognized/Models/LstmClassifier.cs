public sealed class LstmClassifier : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Embedding embedding;
    private readonly TorchSharp.Modules.LSTM lstm;
    private readonly TorchSharp.Modules.Linear head;
    private readonly TorchSharp.Modules.Dropout dropout;

    public LstmClassifier(long vocabulary, long width, long hidden, long classes)
        : base(nameof(LstmClassifier))
    {
        embedding = nn.Embedding(vocabulary, width, padding_idx: 0);
        lstm = nn.LSTM(width, hidden, numLayers: 2, batchFirst: true, dropout: 0.3, bidirectional: true);
        dropout = nn.Dropout(0.5);
        head = nn.Linear(2 * hidden, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        using var embedded = embedding.call(tokens);
        var (output, h, c) = lstm.call(embedded, null);
        using var last = output.select(1, -1);
        return head.call(dropout.call(last));
    }
}
