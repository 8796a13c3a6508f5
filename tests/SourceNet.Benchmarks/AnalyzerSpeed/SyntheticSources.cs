namespace SourceNet.Benchmarks.AnalyzerSpeed;

/// <summary>What the files of the synthetic solution hold. <c>Nr</c> becomes a number.</summary>
internal static class SyntheticSources
{
    internal const string Convolutions = """
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        namespace GroupNr;

        /// <summary>A residual block.</summary>
        public sealed class ResidualBlockNr : nn.Module<Tensor, Tensor>
        {
            private readonly Conv2d first;
            private readonly BatchNorm2d firstNorm;
            private readonly Conv2d second;
            private readonly BatchNorm2d secondNorm;
            private readonly nn.Module<Tensor, Tensor> shortcut;

            public ResidualBlockNr(int channels, int width, int stride = 1)
                : base(nameof(ResidualBlockNr))
            {
                first = nn.Conv2d(channels, width, 3, stride: stride, padding: 1, bias: false);
                firstNorm = nn.BatchNorm2d(width);
                second = nn.Conv2d(width, width, 3, padding: 1, bias: false);
                secondNorm = nn.BatchNorm2d(width);
                shortcut = stride == 1 && channels == width
                    ? nn.Identity()
                    : nn.Sequential(nn.Conv2d(channels, width, 1, stride: stride, bias: false), nn.BatchNorm2d(width));
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var scope = NewDisposeScope();
                var hidden = nn.functional.relu(firstNorm.call(first.call(input)));
                hidden = secondNorm.call(second.call(hidden));
                return nn.functional.relu(hidden.add_(shortcut.call(input))).MoveToOuterDisposeScope();
            }
        }

        public sealed class ConvolutionsNr : nn.Module<Tensor, Tensor>
        {
            private readonly Sequential features;
            private readonly Dropout dropout;
            private readonly Linear logits;

            public ConvolutionsNr(int classes = 10, double rate = 0.3)
                : base(nameof(ConvolutionsNr))
            {
                features = nn.Sequential(
                    ("stem", nn.Conv2d(3, 32, 3, padding: 1, bias: false)),
                    ("norm", nn.BatchNorm2d(32)),
                    ("relu", nn.ReLU()),
                    ("block1", new ResidualBlockNr(32, 64, 2)),
                    ("block2", new ResidualBlockNr(64, 128, 2)),
                    ("block3", new ResidualBlockNr(128, 256, 2)),
                    ("pool", nn.AdaptiveAvgPool2d(1)),
                    ("flatten", nn.Flatten()));
                dropout = nn.Dropout(rate);
                logits = nn.Linear(256, classes);
                RegisterComponents();
            }

            public override Tensor forward(Tensor input) => logits.call(dropout.call(features.call(input)));
        }
        """;

    internal const string Perceptron = """
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        namespace GroupNr;

        public sealed class PerceptronNr : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
            private readonly Linear output;

            public PerceptronNr(long inputs, IReadOnlyList<int> widths, long outputs, double rate)
                : base(nameof(PerceptronNr))
            {
                var size = inputs;
                foreach (var width in widths)
                {
                    layers.Add(Sequential(Linear(size, width), LayerNorm(width), GELU(), Dropout(rate)));
                    size = width;
                }

                output = Linear(size, outputs);
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                var hidden = input;
                foreach (var layer in layers)
                {
                    hidden = layer.call(hidden);
                }

                return output.call(hidden);
            }

            /// <summary>The parameters that decay, and those that do not.</summary>
            public (List<Parameter> Decayed, List<Parameter> Free) Groups()
            {
                List<Parameter> decayed = [];
                List<Parameter> free = [];
                foreach (var (name, parameter) in named_parameters())
                {
                    if (name.EndsWith("bias", StringComparison.Ordinal) || parameter.shape.Length == 1)
                    {
                        free.Add(parameter);
                    }
                    else
                    {
                        decayed.Add(parameter);
                    }
                }

                return (decayed, free);
            }
        }
        """;

    internal const string Transformer = """
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        namespace GroupNr;

        public sealed class AttentionNr : nn.Module<Tensor, Tensor>
        {
            private readonly Linear projections;
            private readonly Linear output;
            private readonly long heads;
            private readonly double rate;

            public AttentionNr(long width, long heads, double rate)
                : base(nameof(AttentionNr))
            {
                this.heads = heads;
                this.rate = rate;
                projections = nn.Linear(width, 3 * width);
                output = nn.Linear(width, width);
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                var (batch, time, width) = (input.shape[0], input.shape[1], input.shape[2]);
                var parts = projections.call(input).chunk(3, dim: -1);
                var query = parts[0].view(batch, time, heads, width / heads).transpose(1, 2);
                var key = parts[1].view(batch, time, heads, width / heads).transpose(1, 2);
                var value = parts[2].view(batch, time, heads, width / heads).transpose(1, 2);
                var mixed = nn.functional.scaled_dot_product_attention(query, key, value, p: training ? rate : 0, is_casual: true);
                return output.call(mixed.transpose(1, 2).reshape(batch, time, width));
            }
        }

        public sealed class TransformerBlockNr : nn.Module<Tensor, Tensor>
        {
            private readonly LayerNorm before;
            private readonly AttentionNr attention;
            private readonly LayerNorm between;
            private readonly Sequential feedForward;

            public TransformerBlockNr(long width, long heads, double rate)
                : base(nameof(TransformerBlockNr))
            {
                before = nn.LayerNorm(width);
                attention = new AttentionNr(width, heads, rate);
                between = nn.LayerNorm(width);
                feedForward = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width), nn.Dropout(rate));
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                var hidden = input + attention.call(before.call(input));
                return hidden + feedForward.call(between.call(hidden));
            }
        }

        public sealed class LanguageModelNr : nn.Module<Tensor, Tensor>
        {
            private readonly Embedding tokens;
            private readonly Embedding positions;
            private readonly ModuleList<TransformerBlockNr> blocks;
            private readonly LayerNorm norm;
            private readonly Linear head;

            public LanguageModelNr(long vocabulary, long length, long width, int depth, double rate = 0.1)
                : base(nameof(LanguageModelNr))
            {
                tokens = nn.Embedding(vocabulary, width);
                positions = nn.Embedding(length, width);
                blocks = nn.ModuleList(Enumerable.Range(0, depth).Select(_ => new TransformerBlockNr(width, width / 64, rate)).ToArray());
                norm = nn.LayerNorm(width);
                head = nn.Linear(width, vocabulary, hasBias: false);
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var order = arange(input.shape[1], device: input.device);
                var hidden = tokens.call(input) + positions.call(order);
                foreach (var block in blocks)
                {
                    hidden = block.call(hidden);
                }

                return head.call(norm.call(hidden));
            }
        }
        """;

    internal const string Training = """
        using System.Diagnostics;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        namespace GroupNr;

        public sealed class TrainingNr(ConvolutionsNr model, Device device, double learningRate)
        {
            private readonly List<(int Epoch, double Loss, double Accuracy)> history = [];

            public IReadOnlyList<(int Epoch, double Loss, double Accuracy)> History => history;

            public void Run(DataLoader training, DataLoader validation, int epochs, string checkpoint)
            {
                model.to(device);
                using var optimizer = optim.AdamW(model.parameters(), lr: learningRate, weight_decay: 0.01);
                var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
                var best = double.MaxValue;
                for (var epoch = 0; epoch < epochs; epoch++)
                {
                    var watch = Stopwatch.StartNew();
                    var loss = Epoch(training, optimizer);
                    scheduler.step();
                    var (validationLoss, accuracy) = Evaluate(validation);
                    history.Add((epoch, validationLoss, accuracy));
                    Console.WriteLine($"epoch {epoch}: {loss:F4} {validationLoss:F4} {accuracy:P1} {watch.Elapsed}");
                    if (validationLoss >= best)
                    {
                        continue;
                    }

                    best = validationLoss;
                    model.save(checkpoint);
                }
            }

            private double Epoch(DataLoader loader, optim.Optimizer optimizer)
            {
                model.train();
                var total = 0.0;
                var batches = 0;
                foreach (var batch in loader)
                {
                    using var scope = NewDisposeScope();
                    var samples = batch["data"].to(device);
                    var labels = batch["label"].to(device);
                    optimizer.zero_grad();
                    var loss = nn.functional.cross_entropy(model.call(samples), labels, label_smoothing: 0.1);
                    loss.backward();
                    nn.utils.clip_grad_norm_(model.parameters(), 1.0);
                    optimizer.step();
                    total += loss.item<float>();
                    batches++;
                }

                return total / Math.Max(1, batches);
            }

            public (double Loss, double Accuracy) Evaluate(DataLoader loader)
            {
                model.eval();
                using var _ = no_grad();
                var (total, right, seen) = (0.0, 0L, 0L);
                foreach (var batch in loader)
                {
                    using var scope = NewDisposeScope();
                    var labels = batch["label"].to(device);
                    var logits = model.call(batch["data"].to(device));
                    total += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<float>();
                    right += logits.argmax(1).eq(labels).sum().item<long>();
                    seen += labels.shape[0];
                }

                return (total / Math.Max(1, seen), (double)right / Math.Max(1, seen));
            }
        }
        """;

    internal const string Prediction = """
        using TorchSharp;
        using static TorchSharp.torch;

        namespace GroupNr;

        public interface IClassifierNr
        {
            Task<IReadOnlyList<(int Label, float Probability)>> ClassifyAsync(float[] pixels, CancellationToken cancellation = default);
        }

        public sealed class ClassifierNr : IClassifierNr, IDisposable
        {
            private readonly ConvolutionsNr model;
            private readonly SemaphoreSlim gate = new(1, 1);

            public ClassifierNr(string checkpoint)
            {
                model = new ConvolutionsNr();
                model.load(checkpoint);
                model.eval();
            }

            public void Dispose()
            {
                model.Dispose();
                gate.Dispose();
            }

            public async Task<IReadOnlyList<(int Label, float Probability)>> ClassifyAsync(float[] pixels, CancellationToken cancellation = default)
            {
                ArgumentNullException.ThrowIfNull(pixels);
                await gate.WaitAsync(cancellation);
                try
                {
                    return Classify(pixels);
                }
                finally
                {
                    gate.Release();
                }
            }

            private List<(int Label, float Probability)> Classify(float[] pixels)
            {
                using var scope = NewDisposeScope();
                using var inference = inference_mode();
                var input = tensor(pixels).reshape(1, 3, 32, 32).sub_(0.5).div_(0.25);
                var probabilities = nn.functional.softmax(model.call(input), dim: 1).data<float>().ToArray();
                return probabilities.Select((probability, label) => (label, probability)).OrderByDescending(pair => pair.probability).Take(3).ToList();
            }
        }
        """;

    internal const string Orders = """
        using System.Collections.Concurrent;

        namespace GroupNr;

        public enum OrderStateNr { Open, Paid, Shipped, Cancelled }

        public sealed record OrderLineNr(string Article, int Quantity, decimal Price)
        {
            public decimal Total => Quantity * Price;
        }

        public sealed record OrderNr(Guid Id, string Customer, DateTimeOffset Placed, IReadOnlyList<OrderLineNr> Lines, OrderStateNr State)
        {
            public decimal Total => Lines.Sum(line => line.Total);
        }

        public sealed class OrderServiceNr
        {
            private readonly ConcurrentDictionary<Guid, OrderNr> orders = new();

            public event EventHandler<OrderNr>? Changed;

            public OrderNr Place(string customer, params OrderLineNr[] lines)
            {
                if (string.IsNullOrWhiteSpace(customer))
                {
                    throw new ArgumentException("A customer is needed.", nameof(customer));
                }

                var order = new OrderNr(Guid.NewGuid(), customer, DateTimeOffset.UtcNow, lines, OrderStateNr.Open);
                orders[order.Id] = order;
                Changed?.Invoke(this, order);
                return order;
            }

            public bool TryMove(Guid id, OrderStateNr state)
            {
                while (orders.TryGetValue(id, out var order))
                {
                    var allowed = (order.State, state) switch
                    {
                        (OrderStateNr.Open, OrderStateNr.Paid or OrderStateNr.Cancelled) => true,
                        (OrderStateNr.Paid, OrderStateNr.Shipped or OrderStateNr.Cancelled) => true,
                        _ => false,
                    };
                    if (!allowed)
                    {
                        return false;
                    }

                    var moved = order with { State = state };
                    if (orders.TryUpdate(id, moved, order))
                    {
                        Changed?.Invoke(this, moved);
                        return true;
                    }
                }

                return false;
            }

            public IReadOnlyDictionary<string, decimal> Revenue(DateTimeOffset from, DateTimeOffset to) =>
                (from order in orders.Values
                 where order.State != OrderStateNr.Cancelled && order.Placed >= @from && order.Placed < to
                 group order by order.Customer into customer
                 orderby customer.Key
                 select (customer.Key, Total: customer.Sum(order => order.Total)))
                .ToDictionary(pair => pair.Key, pair => pair.Total);
        }
        """;

    internal const string Parser = """
        using System.Globalization;
        using System.Text;

        namespace GroupNr;

        public sealed class ParserNr(TextReader reader, char separator = ';')
        {
            private readonly StringBuilder field = new();
            private int line = 1;

            public int Line => line;

            public IEnumerable<string[]> Rows()
            {
                List<string> row = [];
                var quoted = false;
                int next;
                while ((next = reader.Read()) >= 0)
                {
                    var character = (char)next;
                    if (quoted)
                    {
                        quoted = Quoted(character);
                        continue;
                    }

                    switch (character)
                    {
                        case '"':
                            quoted = true;
                            break;
                        case '\n':
                            row.Add(Take());
                            yield return row.ToArray();
                            row.Clear();
                            line++;
                            break;
                        case '\r':
                            break;
                        default:
                            if (character == separator)
                            {
                                row.Add(Take());
                            }
                            else
                            {
                                field.Append(character);
                            }

                            break;
                    }
                }

                if (field.Length > 0 || row.Count > 0)
                {
                    row.Add(Take());
                    yield return row.ToArray();
                }
            }

            public IEnumerable<double?[]> Numbers()
            {
                foreach (var row in Rows())
                {
                    yield return Array.ConvertAll(row, text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : (double?)null);
                }
            }

            private bool Quoted(char character)
            {
                if (character != '"')
                {
                    field.Append(character);
                    return true;
                }

                if (reader.Peek() != '"')
                {
                    return false;
                }

                field.Append((char)reader.Read());
                return true;
            }

            private string Take()
            {
                var text = field.ToString();
                field.Clear();
                return text;
            }
        }
        """;

    internal const string Cache = """
        using System.Diagnostics.CodeAnalysis;

        namespace GroupNr;

        public sealed class CacheNr<TKey, TValue>(int capacity, TimeProvider clock, TimeSpan lifetime)
            where TKey : notnull
        {
            private readonly Dictionary<TKey, LinkedListNode<Entry>> entries = [];
            private readonly LinkedList<Entry> order = new();
            private readonly Lock gate = new();

            public int Count
            {
                get
                {
                    lock (gate)
                    {
                        return entries.Count;
                    }
                }
            }

            public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
            {
                lock (gate)
                {
                    if (entries.TryGetValue(key, out var node) && clock.GetUtcNow() - node.Value.Added < lifetime)
                    {
                        order.Remove(node);
                        order.AddFirst(node);
                        value = node.Value.Value;
                        return true;
                    }
                }

                value = default;
                return false;
            }

            public async Task<TValue> GetAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> load, CancellationToken cancellation = default)
            {
                if (TryGet(key, out var known))
                {
                    return known;
                }

                var value = await load(key, cancellation).ConfigureAwait(false);
                Set(key, value);
                return value;
            }

            public void Set(TKey key, TValue value)
            {
                lock (gate)
                {
                    if (entries.Remove(key, out var old))
                    {
                        order.Remove(old);
                    }

                    entries[key] = order.AddFirst(new Entry(key, value, clock.GetUtcNow()));
                    while (entries.Count > capacity && order.Last is { } last)
                    {
                        entries.Remove(last.Value.Key);
                        order.RemoveLast();
                    }
                }
            }

            private sealed record Entry(TKey Key, TValue Value, DateTimeOffset Added);
        }
        """;

    internal const string Schedule = """
        namespace GroupNr;

        public sealed class ScheduleNr : IAsyncDisposable
        {
            private readonly PriorityQueue<Func<CancellationToken, Task>, DateTimeOffset> queue = new();
            private readonly SemaphoreSlim signal = new(0);
            private readonly CancellationTokenSource stop = new();
            private readonly Task worker;

            public ScheduleNr() => worker = Task.Run(RunAsync);

            public int Failures { get; private set; }

            public void At(DateTimeOffset time, Func<CancellationToken, Task> action)
            {
                lock (queue)
                {
                    queue.Enqueue(action, time);
                }

                signal.Release();
            }

            public async ValueTask DisposeAsync()
            {
                await stop.CancelAsync();
                try
                {
                    await worker;
                }
                catch (OperationCanceledException)
                {
                    // This is how it ends.
                }

                stop.Dispose();
                signal.Dispose();
            }

            private async Task RunAsync()
            {
                while (!stop.IsCancellationRequested)
                {
                    if (Next() is not { } next)
                    {
                        await signal.WaitAsync(stop.Token);
                        continue;
                    }

                    var wait = next.Time - DateTimeOffset.UtcNow;
                    if (wait > TimeSpan.Zero)
                    {
                        await signal.WaitAsync(wait, stop.Token);
                        continue;
                    }

                    try
                    {
                        await Dequeue()(stop.Token);
                    }
                    catch (Exception exception) when (exception is not OperationCanceledException)
                    {
                        Failures++;
                    }
                }
            }

            private (Func<CancellationToken, Task> Action, DateTimeOffset Time)? Next()
            {
                lock (queue)
                {
                    return queue.TryPeek(out var action, out var time) ? (action, time) : null;
                }
            }

            private Func<CancellationToken, Task> Dequeue()
            {
                lock (queue)
                {
                    return queue.Dequeue();
                }
            }
        }
        """;

    internal const string Geometry = """
        using System.Numerics;

        namespace GroupNr;

        public readonly record struct PointNr<T>(T X, T Y)
            where T : struct, IFloatingPointIeee754<T>
        {
            public T Length => T.Sqrt((X * X) + (Y * Y));

            public static PointNr<T> operator +(PointNr<T> left, PointNr<T> right) => new(left.X + right.X, left.Y + right.Y);

            public static PointNr<T> operator -(PointNr<T> left, PointNr<T> right) => new(left.X - right.X, left.Y - right.Y);

            public static PointNr<T> operator *(T factor, PointNr<T> point) => new(factor * point.X, factor * point.Y);
        }

        public abstract record ShapeNr
        {
            public sealed record Circle(PointNr<double> Center, double Radius) : ShapeNr;

            public sealed record Polygon(IReadOnlyList<PointNr<double>> Corners) : ShapeNr;

            public double Area => this switch
            {
                Circle { Radius: var radius } => Math.PI * radius * radius,
                Polygon { Corners: { Count: >= 3 } corners } => Math.Abs(Enumerable.Range(0, corners.Count).Sum(index => Cross(corners[index], corners[(index + 1) % corners.Count]))) / 2,
                _ => 0,
            };

            public bool Contains(PointNr<double> point)
            {
                switch (this)
                {
                    case Circle circle:
                        return (point - circle.Center).Length <= circle.Radius;
                    case Polygon polygon:
                        var inside = false;
                        for (int index = 0, before = polygon.Corners.Count - 1; index < polygon.Corners.Count; before = index++)
                        {
                            var (a, b) = (polygon.Corners[index], polygon.Corners[before]);
                            if (a.Y > point.Y != b.Y > point.Y && point.X < ((b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y)) + a.X)
                            {
                                inside = !inside;
                            }
                        }

                        return inside;
                    default:
                        return false;
                }
            }

            private static double Cross(PointNr<double> left, PointNr<double> right) => (left.X * right.Y) - (left.Y * right.X);
        }
        """;

    /// <summary>Ten files that belong together: the fourth trains what the first declares. Half of them name TorchSharp.</summary>
    internal static IReadOnlyList<string> All { get; } =
        [Convolutions, Perceptron, Transformer, Training, Prediction, Orders, Parser, Cache, Schedule, Geometry];
}
