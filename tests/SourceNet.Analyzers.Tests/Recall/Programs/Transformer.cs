// A small language model with attention by hand.
class Attention : nn.Module<Tensor, Tensor>
{
    private readonly Linear query, key, value, output;

    public Attention(long width)
        : base(nameof(Attention))
    {
        (query, key, value, output) = (nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var heads = nn.functional.scaled_dot_product_attention(query.call(x), key.call(x), value.call(x), p: training ? 0.1 : 0, is_casual: true);
        return nn.functional.dropout(output.call(heads), 0.1, training: training);
    }
}

class Block : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.LayerNorm norm;
    private readonly Attention attention;

    public Block(long width)
        : base(nameof(Block))
    {
        norm = nn.LayerNorm([width]);
        attention = new Attention(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => x + attention.call(norm.call(x));
}

class Language : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Embedding embedding;
    private readonly TorchSharp.Modules.Embedding place;
    private readonly TorchSharp.Modules.ModuleList<Block> blocks = new();
    private readonly Linear head;

    public Language(long tokens, long width, int depth)
        : base(nameof(Language))
    {
        embedding = nn.Embedding(tokens, width);
        place = nn.Embedding(512, width);
        for (var i = 0; i < depth; i++)
        {
            blocks.Add(new Block(width));
        }

        head = nn.Linear(width, tokens);
        register_buffer("positions", arange(512));
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        var positions = get_buffer("positions")!.slice(0, 0, tokens.shape[1], 1);
        var x = embedding.call(tokens) + place.call(positions);
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return head.call(x);
    }
}

class Training
{
    public void Run(IEnumerable<(Tensor Tokens, Tensor Next)> batches)
    {
        using var model = new Language(100, 32, 2);
        using var optimizer = optim.AdamW(model.parameters(), 3e-4, weight_decay: 0.1);
        model.train();
        foreach (var (tokens, next) in batches)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var logits = model.call(tokens).flatten(0, 1);
            var loss = nn.functional.cross_entropy(logits, next.flatten());
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1);
            optimizer.step();
        }

        model.eval();
        using var _ = inference_mode();
        Console.WriteLine(Generate(model, zeros(1, 1, ScalarType.Int64), 20));
    }

    private static Tensor Generate(Language model, Tensor tokens, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            var next = model.call(tokens)[.., -1].argmax(1, keepdim: true);
            tokens = cat([tokens, next], 1).MoveToOuterDisposeScope();
        }

        return tokens;
    }
}
