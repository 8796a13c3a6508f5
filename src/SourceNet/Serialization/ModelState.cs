using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Brings tensors by name into a model: everything is checked and read before anything is changed.</summary>
internal static class ModelState
{
    private const int NamesShown = 10;

    /// <summary>What each alias in the tree stands for, both by their path from the root.</summary>
    internal static Dictionary<string, string> Ties(IModel root)
    {
        var ties = new Dictionary<string, string>(root.Parts.Ties);
        foreach (var (path, module) in ModelParts.ModuleOf(root).named_modules())
        {
            if (module is IModel model)
            {
                foreach (var (alias, owner) in model.Parts.Ties)
                {
                    ties[$"{path}.{alias}"] = $"{path}.{owner}";
                }
            }
        }
        return ties;
    }

    internal static LoadedState LoadSafetensors(IModel model, string path, LoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var file = SafetensorsFile.Open(path);
        var state = ModelParts.ModuleOf(model).state_dict();
        var ties = Ties(model);
        var mapped = MappedState.Of(file, options, [.. state.Keys, .. ties.Keys]);
        // Only what the file has and the model's state knows: an owner inside a part that renames its state is nobody's business here.
        var aliases = ties.Where(tie => mapped.Entries.ContainsKey(tie.Key) && state.ContainsKey(tie.Value) && !mapped.Skips(tie.Value)).ToArray();

        var sources = new Dictionary<string, string>();
        foreach (var (alias, owner) in aliases)
        {
            sources[owner] = alias;
        }
        foreach (var key in state.Keys.Where(key => mapped.Entries.ContainsKey(key) && !mapped.Skips(key)))
        {
            sources[key] = key;
        }
        var skipped = state.Keys.Where(key => mapped.Entries.ContainsKey(key) && mapped.Skips(key)).ToList();
        if (options.SkipOtherShapes)
        {
            foreach (var (key, source) in sources.Where(pair => !mapped.ShapeOf(pair.Value).SequenceEqual(state[pair.Key].shape)).ToList())
            {
                sources.Remove(key);
                skipped.Add(key);
                aliases = [.. aliases.Where(tie => tie.Value != key)];
            }
        }
        string[] missing = [.. state.Keys.Where(key => !sources.ContainsKey(key) && !mapped.Skips(key)).Except(skipped).Order(StringComparer.Ordinal)];
        string[] unexpected = [.. mapped.Entries.Keys.Where(key => !state.ContainsKey(key)
            && !(ties.TryGetValue(key, out var owner) && state.ContainsKey(owner))).Order(StringComparer.Ordinal)];
        RequireFit(file, model, mapped, Pairs(), missing, unexpected, options);

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var read = sources.ToDictionary(pair => pair.Key, pair => Read(pair.Value));
        foreach (var (alias, owner) in aliases)
        {
            using var values = Read(alias);
            if (!SameValues(values, read[owner]))
            {
                throw file.Bad($"'{alias}' and '{owner}' differ, but {model.GetType().Name} uses one parameter for both. The model is unchanged");
            }
        }
        foreach (var (key, values) in read)
        {
            state[key].copy_(values);
        }
        return new(missing, unexpected) { Skipped = [.. skipped.Order(StringComparer.Ordinal)] };

        IEnumerable<(string Name, Tensor Tensor)> Pairs() => sources.Select(pair => (pair.Value, state[pair.Key]))
            .Concat(aliases.Select(tie => (tie.Key, state[tie.Value]))).Distinct();

        Tensor Read(string name)
        {
            var tensor = file.Read(mapped.Entries[name]);
            return mapped.IsTransposed(name) ? tensor.t() : tensor;
        }
    }

    /// <summary>The dictionary without aliases, which base classes do not know; an alias stands in for an owner that is not there.</summary>
    /// <exception cref="InvalidOperationException">An alias has another shape or other values than its owner.</exception>
    internal static Dictionary<string, Tensor> WithoutAliases(IModel model, Dictionary<string, Tensor> source, IList<string>? skip)
    {
        var state = ModelParts.ModuleOf(model).state_dict();
        var result = new Dictionary<string, Tensor>(source);
        foreach (var (alias, owner) in Ties(model))
        {
            if (!result.Remove(alias, out var values) || skip?.Contains(alias) == true || !state.TryGetValue(owner, out var parameter))
            {
                continue;
            }
            if (!values.shape.SequenceEqual(parameter.shape))
            {
                throw new InvalidOperationException(
                    $"'{alias}' stands for '{owner}': expected the shape {Shape(parameter.shape)}, found {Shape(values.shape)}.");
            }
            if (source.TryGetValue(owner, out var owned))
            {
                if (owned.shape.SequenceEqual(values.shape) && !SameValues(values, owned))
                {
                    throw new InvalidOperationException($"'{alias}' and '{owner}' differ, but {model.GetType().Name} uses one parameter for both.");
                }
            }
            else
            {
                result[owner] = values;
            }
        }
        return result;
    }

    private static void RequireFit(
        SafetensorsFile file,
        IModel model,
        MappedState mapped,
        IEnumerable<(string Name, Tensor Tensor)> loaded,
        string[] missing,
        string[] unexpected,
        LoadOptions options)
    {
        string[] wrong = [.. loaded.Select(pair => Misfit(pair.Name, pair.Tensor)).OfType<string>()];
        List<string> problems = [.. wrong.Take(NamesShown)];
        if (wrong.Length > NamesShown)
        {
            problems.Add($"and {wrong.Length - NamesShown} more of another shape or type");
        }
        if (options.Strict && missing.Length > 0)
        {
            problems.Add($"missing in the file: {Names(missing)}");
        }
        if (options.Strict && unexpected.Length > 0)
        {
            problems.Add($"unknown to the model: {Names(unexpected)}");
        }
        if (problems.Count > 0)
        {
            throw file.Bad($"does not fit {model.GetType().Name}, which is unchanged:\n  {string.Join("\n  ", problems)}");
        }

        string? Misfit(string name, Tensor tensor)
        {
            var (entry, shape) = (mapped.Entries[name], mapped.ShapeOf(name));
            var isConverted = options.ConvertTypes && tensor.is_floating_point() && IsFloatingPoint(entry.Type);
            return (entry.Type == tensor.dtype || isConverted) && shape.SequenceEqual(tensor.shape)
                ? null
                : $"{name}: expected {tensor.dtype} {Shape(tensor.shape)}, found {entry.Type} {Shape(shape)}";
        }
    }

    private static bool IsFloatingPoint(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    private static bool SameValues(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return one.cpu().allclose(other.cpu().to(one.dtype), rtol: 0, atol: 0, equal_nan: true);
    }

    private static string Shape(long[] shape) => $"[{string.Join(", ", shape)}]";

    private static string Names(string[] names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Length > NamesShown ? $" and {names.Length - NamesShown} more" : "");
}
