// Reviews are read by an LSTM; the words come from the reviews themselves.
using System.IO;

var path = args.Length > 0 ? args[0] : "reviews.tsv";
var reviews = File.ReadLines(path).Select(line => line.Split('\t')).Select(parts => new Review(parts[1], parts[0] == "positive")).ToList();
var vocabulary = new Vocabulary(reviews.Select(review => review.Text), 20_000);
var cut = reviews.Count * 9 / 10;

random.manual_seed(17);
using var classifier = new ReviewClassifier(vocabulary.Count, 64, 128);
using var sgd = optim.AdamW(
    [
        new TorchSharp.Modules.AdamW.ParamGroup { Parameters = classifier.Matrices(), Options = new() { weight_decay = 0.01 } },
        new TorchSharp.Modules.AdamW.ParamGroup { Parameters = classifier.Vectors(), Options = new() { weight_decay = 0 } },
    ],
    lr: 2e-3);
using var bce = nn.BCEWithLogitsLoss();
for (var epoch = 0; epoch < 6; epoch++)
{
    classifier.train();
    var losses = new List<float>();
    foreach (var batch in reviews.Take(cut).OrderBy(_ => Random.Shared.Next()).Chunk(32))
    {
        using (NewDisposeScope())
        {
            var (tokens, labels) = Encode(batch);
            sgd.zero_grad();
            var loss = bce.call(classifier.call(tokens), labels);
            loss.backward();
            nn.utils.clip_grad_norm_(classifier.parameters(), 1.0);
            sgd.step();
            losses.Add(loss.ToSingle());
        }
    }

    Console.WriteLine($"epoch {epoch}: {losses.Average():F3}, {Accuracy():P1}");
}

double Accuracy()
{
    classifier.eval();
    using var _ = inference_mode();
    var right = 0L;
    foreach (var batch in reviews.Skip(cut).Chunk(256))
    {
        using var scope = NewDisposeScope();
        var (tokens, labels) = Encode(batch);
        right += classifier.call(tokens).gt(0).eq(labels.gt(0.5)).sum().item<long>();
    }

    return (double)right / (reviews.Count - cut);
}

(Tensor Tokens, Tensor Labels) Encode(Review[] batch)
{
    const int length = 200;
    var ids = new long[batch.Length * length];
    for (var i = 0; i < batch.Length; i++)
    {
        vocabulary.Encode(batch[i].Text).Take(length).ToArray().CopyTo(ids, i * length);
    }

    var labels = batch.Select(review => review.IsPositive ? 1f : 0f).ToArray();
    return (tensor(ids).view(batch.Length, length), tensor(labels));
}

record Review(string Text, bool IsPositive);

class Vocabulary(IEnumerable<string> texts, int limit)
{
    private static readonly char[] s_separators = [' ', '.', ',', '!', '?'];

    private readonly Dictionary<string, long> _ids = texts
        .SelectMany(Words)
        .GroupBy(word => word)
        .OrderByDescending(group => group.Count())
        .Take(limit)
        .Select((group, i) => (group.Key, Id: i + 2L))
        .ToDictionary(pair => pair.Key, pair => pair.Id);

    public long Count => _ids.Count + 2;

    public IEnumerable<long> Encode(string text) => Words(text).Select(word => _ids.GetValueOrDefault(word, 1L));

    private static string[] Words(string text) => text.ToLowerInvariant().Split(s_separators, StringSplitOptions.RemoveEmptyEntries);
}

sealed class ReviewClassifier : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Embedding words;
    private readonly TorchSharp.Modules.LSTM reader;
    private readonly TorchSharp.Modules.Dropout dropout;
    private readonly Linear verdict;

    public ReviewClassifier(long vocabulary, long width, long memory)
        : base(nameof(ReviewClassifier))
    {
        words = nn.Embedding(vocabulary, width, padding_idx: 0);
        reader = nn.LSTM(width, memory, batchFirst: true, bidirectional: true);
        dropout = nn.Dropout(0.4);
        verdict = nn.Linear(2 * memory, 1);
        RegisterComponents();
    }

    public IEnumerable<Parameter> Matrices() => parameters().Where(parameter => parameter.dim() > 1);

    public IEnumerable<Parameter> Vectors() => parameters().Where(parameter => parameter.dim() <= 1);

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (states, _, _) = reader.call(words.call(tokens));
        var pooled = states.max(1).values;
        return verdict.call(dropout.call(pooled)).squeeze(-1).MoveToOuterDisposeScope();
    }
}
