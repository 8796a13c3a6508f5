using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Everything that a training must know to go on as if it had never stopped: weights, optimizer, averages, the random generator, what was counted and measured.</summary>
internal sealed class TrainingState(nn.Module model, optim.Optimizer optimizer, AveragedWeights averages, int stepsPerEpoch) : IDisposable
{
    private const string Format = "sourcenet.checkpoint.1";
    private const string ModelPart = "model.";
    private const string AveragePart = "average.";
    private const string BestPart = "best.";
    private const string OptimizerPart = "optimizer";
    private const string GeneratorPart = "generator";

    private Dictionary<string, Tensor>? best;

    public long Step { get; set; }

    public List<EpochResult> Epochs { get; } = [];

    /// <summary>The epoch with the least validation loss; 0 for none.</summary>
    public int BestEpoch { get; private set; }

    public int EpochsSinceBest => BestEpoch == 0 ? 0 : Epochs.Count - BestEpoch;

    /// <summary>Notes an epoch. The model has the weights that were measured.</summary>
    public void EpochDone(EpochResult result, double leastImprovement, bool keepsBest)
    {
        Epochs.Add(result);
        if (keepsBest && result.ValidationLoss is { } validation && (BestEpoch == 0 || validation < Epochs[BestEpoch - 1].ValidationLoss - leastImprovement))
        {
            BestEpoch = result.Epoch;
            State.Dispose(best);
            best = State.Clone(model);
        }
    }

    /// <summary>Puts the best weights back, if some were kept, and says what they reached.</summary>
    public EpochResult? RestoreBest(nn.Module target)
    {
        if (best is null)
        {
            return null;
        }

        State.Copy(best, target);
        return Epochs[BestEpoch - 1];
    }

    /// <summary>Writes a file, or replaces it at once.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        Add(ModelPart, model.state_dict());
        Add(AveragePart, averages.Save());
        Add(BestPart, best ?? []);
        tensors[OptimizerPart] = tensor(OptimizerBytes());
        tensors[GeneratorPart] = get_rng_state();
        var counters = JsonSerializer.Serialize(new TrainingCounters(model.GetType().Name, stepsPerEpoch, Step, BestEpoch, Epochs), TrainingJson.Default.TrainingCounters);
        Safetensors.Write(path, tensors, new Dictionary<string, string> { ["format"] = Format, ["counters"] = counters, ["sha256"] = Checksum.Of(counters, tensors) });

        void Add(string part, IEnumerable<KeyValuePair<string, Tensor>> values)
        {
            foreach (var (name, value) in values)
            {
                tensors[part + name] = value.detach().cpu().contiguous();
            }
        }
    }

    /// <summary>Reads a file. Everything is checked before the model is changed.</summary>
    /// <exception cref="CheckpointException">It is damaged or of another training; the model is as it was.</exception>
    public void Load(string path)
    {
        using var scope = NewDisposeScope();
        var (tensors, counters) = Read(path);
        var own = model.state_dict();
        var weights = Part(tensors, ModelPart);
        foreach (var (name, value) in own)
        {
            Check(path, name, value, weights.GetValueOrDefault(name));
        }

        if (weights.Keys.FirstOrDefault(name => !own.ContainsKey(name)) is { } unknown)
        {
            throw new CheckpointException(path, $"has '{unknown}', which {model.GetType().Name} lacks: it is of another model, and this one is unchanged");
        }

        // A state of another size would end the process: libtorch throws where TorchSharp does not catch.
        Check(path, GeneratorPart, get_rng_state(), tensors[GeneratorPart]);

        var kept = Part(tensors, BestPart);
        foreach (var (name, value) in own.Where(_ => kept.Count > 0))
        {
            Check(path, name, value, kept.GetValueOrDefault(name));
        }

        try
        {
            averages.Load(Part(tensors, AveragePart));
            using var reader = new BinaryReader(new MemoryStream(tensors[OptimizerPart].data<byte>().ToArray()));
            ((OptimizerHelper)optimizer).load_state_dict(reader);
        }
        catch (Exception error) when (error is ArgumentException or IOException or FormatException or InvalidCastException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CheckpointException(path, $"does not fit this training: {error.Message}. The model is unchanged", error);
        }

        State.Copy(weights, model);
        best = kept.Count == 0 ? null : kept.ToDictionary(pair => pair.Key, pair => pair.Value.clone().DetachFromDisposeScope());
        set_rng_state(tensors[GeneratorPart]);
        (Step, BestEpoch) = (counters.Step, counters.BestEpoch);
        Epochs.AddRange(counters.Epochs);
    }

    public void Dispose() => State.Dispose(best);

    private (Dictionary<string, Tensor> Tensors, TrainingCounters Counters) Read(string path)
    {
        try
        {
            var metadata = Safetensors.ReadMetadata(path);
            if (metadata.GetValueOrDefault("format") is var format && format != Format)
            {
                throw new CheckpointException(path, $"expected a checkpoint of the format {Format}, found {format ?? "none"}");
            }

            var text = metadata.GetValueOrDefault("counters") ?? "null";
            var counters = JsonSerializer.Deserialize(text, TrainingJson.Default.TrainingCounters);
            if (counters is not { Epochs.Count: > 0, Step: > 0, BestEpoch: >= 0 } || counters.BestEpoch > counters.Epochs.Count)
            {
                throw new CheckpointException(path, "expected what the training has counted, found nothing of the kind");
            }

            var name = model.GetType().Name;
            if (counters.Model != name)
            {
                throw new CheckpointException(path, $"expected a training of {name}, found one of {counters.Model}. The model is unchanged");
            }

            if (counters.StepsPerEpoch != stepsPerEpoch)
            {
                throw new CheckpointException(path, $"expected a training of {stepsPerEpoch} steps an epoch, found one of {counters.StepsPerEpoch}: it had other data or batches of another size. The model is unchanged");
            }

            var tensors = Safetensors.Read(path);
            if (Checksum.Of(text, tensors) is var found && metadata.GetValueOrDefault("sha256") is var written && found != written)
            {
                throw new CheckpointException(path, $"is damaged: expected the SHA-256 {written ?? "that every checkpoint has"}, found {found}. The model is unchanged");
            }

            return tensors.ContainsKey(OptimizerPart) && tensors.ContainsKey(GeneratorPart)
                ? (tensors, counters)
                : throw new CheckpointException(path, "expected the states of the optimizer and of the random generator, found none");
        }
        catch (Exception error) when (error is SafetensorsException or JsonException)
        {
            throw new CheckpointException(path, $"is damaged: {error.Message}", error);
        }
    }

    private byte[] OptimizerBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            ((OptimizerHelper)optimizer).save_state_dict(writer);
        }

        return stream.ToArray();
    }

    private static Dictionary<string, Tensor> Part(Dictionary<string, Tensor> tensors, string part) =>
        tensors.Where(pair => pair.Key.StartsWith(part, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[part.Length..], pair => pair.Value);

    private static void Check(string path, string name, Tensor expected, Tensor? found)
    {
        if (found is null || found.dtype != expected.dtype || !found.shape.AsSpan().SequenceEqual(expected.shape))
        {
            throw new CheckpointException(path, $"'{name}': expected {Text(expected)}, found {(found is null ? "nothing" : Text(found))}. The model is unchanged");
        }
    }

    private static string Text(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";
}
