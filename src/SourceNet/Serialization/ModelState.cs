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

    internal static LoadedState LoadSafetensors(IModel model, string path, bool strict)
    {
        using var file = SafetensorsFile.Open(path);
        var state = ModelParts.ModuleOf(model).state_dict();
        // Only what the file has and the model's state knows: an owner inside a part that renames its state is nobody's business here.
        var aliases = Ties(model).Where(tie => file.Entries.ContainsKey(tie.Key) && state.ContainsKey(tie.Value)).ToArray();

        var sources = new Dictionary<string, SafetensorsEntry>();
        foreach (var (alias, owner) in aliases)
        {
            sources[owner] = file.Entries[alias];
        }
        foreach (var key in state.Keys.Where(file.Entries.ContainsKey))
        {
            sources[key] = file.Entries[key];
        }
        string[] missing = [.. state.Keys.Where(key => !sources.ContainsKey(key)).Order(StringComparer.Ordinal)];
        string[] unexpected = [.. file.Entries.Keys.Where(key => !state.ContainsKey(key)).Except(aliases.Select(tie => tie.Key)).Order(StringComparer.Ordinal)];
        RequireFit(file, model, state, aliases, missing, unexpected, strict);

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var read = sources.ToDictionary(source => source.Key, source => file.Read(source.Value));
        foreach (var (alias, owner) in aliases)
        {
            using var values = file.Read(file.Entries[alias]);
            if (!SameValues(values, read[owner]))
            {
                throw file.Bad($"'{alias}' and '{owner}' differ, but {model.GetType().Name} uses one parameter for both. The model is unchanged");
            }
        }
        foreach (var (key, values) in read)
        {
            state[key].copy_(values);
        }
        return new(missing, unexpected);
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
        SafetensorsFile file, IModel model, Dictionary<string, Tensor> state, KeyValuePair<string, string>[] aliases, string[] missing, string[] unexpected,
            bool strict)
    {
        var problems = new List<string>();
        foreach (var (key, tensor) in state)
        {
            CheckEntry(key, tensor);
        }
        foreach (var (alias, owner) in aliases)
        {
            CheckEntry(alias, state[owner]);
        }
        if (strict && missing.Length > 0)
        {
            problems.Add($"missing in the file: {Names(missing)}");
        }
        if (strict && unexpected.Length > 0)
        {
            problems.Add($"unknown to the model: {Names(unexpected)}");
        }
        if (problems.Count > 0)
        {
            throw file.Bad($"does not fit {model.GetType().Name}, which is unchanged:\n  {string.Join("\n  ", problems)}");
        }

        void CheckEntry(string key, Tensor tensor)
        {
            if (file.Entries.TryGetValue(key, out var entry) && (entry.Type != tensor.dtype || !entry.Shape.SequenceEqual(tensor.shape)))
            {
                problems.Add($"{key}: expected {tensor.dtype} {Shape(tensor.shape)}, found {entry.Type} {Shape(entry.Shape)}");
            }
        }
    }

    private static bool SameValues(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return one.cpu().allclose(other.cpu().to(one.dtype), rtol: 0, atol: 0, equal_nan: true);
    }

    private static string Shape(long[] shape) => $"[{string.Join(", ", shape)}]";

    private static string Names(string[] names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Length > NamesShown ? $" and {names.Length - NamesShown} more" : "");
}
