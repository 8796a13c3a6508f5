using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Everything that a training must know to go on as if it had never stopped: weights, optimizer, callbacks, the random generator, what was counted and
/// measured.
/// </summary>
internal sealed class TrainingState(
    nn.Module model, optim.Optimizer optimizer, IReadOnlyList<ITrainingCallback> callbacks, int stepsPerEpoch, BatchTraits train)
{
    private const string Format = "sourcenet.checkpoint.2";
    private const string ModelPart = "model.";
    private const string OptimizerPart = "optimizer";
    private const string GeneratorPart = "generator";

    public long Step { get; set; }

    public double RateFactor { get; set; } = 1;

    /// <summary>The epoch that is not done yet; null between epochs.</summary>
    public RunningEpoch? Running { get; set; }

    public List<EpochResult> Epochs { get; } = [];

    /// <summary>Writes a file, or replaces it at once.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        Add(ModelPart, model.state_dict());
        foreach (var callback in callbacks)
        {
            Add(Part(callback), callback.Save());
        }

        tensors[OptimizerPart] = tensor(OptimizerBytes());
        tensors[GeneratorPart] = get_rng_state();
        var written = new TrainingCounters(model.GetType().Name, optimizer.GetType().Name, stepsPerEpoch, train, Step, RateFactor, Running, Epochs);
        var counters = JsonSerializer.Serialize(written, TrainingJson.Default.TrainingCounters);
        Safetensors.Write(
            path, tensors, new Dictionary<string, string> { ["format"] = Format, ["counters"] = counters, ["sha256"] = Checksum.Of(counters, tensors) });

        void Add(string part, IEnumerable<KeyValuePair<string, Tensor>> values)
        {
            foreach (var (name, value) in values)
            {
                tensors[part + name] = value.detach().cpu().contiguous();
            }
        }
    }

    /// <summary>Reads a file. Everything is checked before the model is changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metric">The name of the first metric, for results of older files, which have one without its name.</param>
    /// <exception cref="CheckpointException">It is damaged or of another training; the model is as it was.</exception>
    public void Load(string path, string? metric)
    {
        byte[] optimizerBytes;
        // The optimizer's tensors must outlive the others: it makes them itself, in the scope that is open then.
        using (NewDisposeScope())
        {
            var (tensors, _) = Read(path);
            CheckTensors(path, tensors);
            optimizerBytes = tensors[OptimizerPart].data<byte>().ToArray();
        }

        Guarded(path, () =>
        {
            using var reader = new BinaryReader(new MemoryStream(optimizerBytes));
            ((OptimizerHelper)optimizer).load_state_dict(reader);
        });
        using var scope = NewDisposeScope();
        var (saved, counters) = Read(path);
        Guarded(path, () =>
        {
            foreach (var callback in callbacks)
            {
                callback.Load(Of(saved, Part(callback)));
            }
        });
        State.Copy(Of(saved, ModelPart), model);
        set_rng_state(saved[GeneratorPart]);
        (Step, RateFactor, Running) = (counters.Step, counters.RateFactor, counters.Running);
        Epochs.AddRange(counters.Epochs.Select(epoch => epoch with { Metrics = epoch.MetricsOf(metric) }));
    }

    private void CheckTensors(string path, Dictionary<string, Tensor> tensors)
    {
        var own = model.state_dict();
        var weights = Of(tensors, ModelPart);
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
        var parts = callbacks.Select(Part).Append(ModelPart).ToList();
        var others = tensors.Keys.Where(name => name is not (OptimizerPart or GeneratorPart));
        if (others.FirstOrDefault(name => !parts.Exists(part => name.StartsWith(part, StringComparison.Ordinal))) is { } stranger)
        {
            throw new CheckpointException(path, $"has '{stranger}', the state of a technique that this training lacks: expected {string.Join(", ", parts)}. "
                + "The model is unchanged");
        }
    }

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
            var counters = Counters(path, text);
            var tensors = Safetensors.Read(path);
            if (Checksum.Of(text, tensors) is var found && metadata.GetValueOrDefault("sha256") is var written && found != written)
            {
                throw new CheckpointException(path, $"is damaged: expected the SHA-256 {written ?? "that every checkpoint has"}, found {found}. The model is "
                    + "unchanged");
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

    private TrainingCounters Counters(string path, string text)
    {
        var counters = JsonSerializer.Deserialize(text, TrainingJson.Default.TrainingCounters);
        if (counters is not { Epochs: not null, Train: not null, Step: > 0, RateFactor: > 0 })
        {
            throw new CheckpointException(path, "expected what the training has counted, found nothing of the kind");
        }

        Expect(path, "a training of", model.GetType().Name, counters.Model);
        Expect(path, "a training by the optimizer", optimizer.GetType().Name, counters.Optimizer);
        if (counters.StepsPerEpoch != stepsPerEpoch)
        {
            throw new CheckpointException(path, $"expected a training of {stepsPerEpoch} steps an epoch, found one of {counters.StepsPerEpoch}: it had other "
                + "data, batches of another size or another number of batches for a step. The model is unchanged");
        }

        if (!counters.Train.IsLike(train))
        {
            throw new CheckpointException(
                path, $"expected a training whose first batch is this one's, {train.Shapes}, found another one, {counters.Train.Shapes}: it had other data, "
                    + "another order or other batches. The model is unchanged");
        }

        return counters;
    }

    private static void Expect(string path, string what, string expected, string found)
    {
        if (expected != found)
        {
            throw new CheckpointException(path, $"expected {what} {expected}, found one of {found}. The model is unchanged");
        }
    }

    /// <summary>What optimizers and callbacks of others throw at a state that is not theirs, nobody can list.</summary>
    private static void Guarded(string path, Action load)
    {
        try
        {
            load();
        }
        catch (Exception error) when (error is not (OutOfMemoryException or CheckpointException))
        {
            throw new CheckpointException(path, $"does not fit this training: {error.Message}. The model is unchanged", error);
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

    private static string Part(ITrainingCallback callback) => $"callback.{callback.Name}.";

    private static Dictionary<string, Tensor> Of(Dictionary<string, Tensor> tensors, string part) =>
        tensors.Where(pair => pair.Key.StartsWith(part, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[part.Length..], pair => pair.Value);

    private static void Check(string path, string name, Tensor expected, Tensor? found)
    {
        if (found is null || found.dtype != expected.dtype || !found.shape.AsSpan().SequenceEqual(expected.shape))
        {
            throw new CheckpointException(path, $"'{name}': expected {ClassTargets.Text(expected)}, found "
                + $"{(found is null ? "nothing" : ClassTargets.Text(found))}. The model is unchanged");
        }
    }
}
