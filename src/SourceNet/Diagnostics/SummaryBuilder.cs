using System.Globalization;
using SourceNet.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Joins what a model declares (layers, plan) with what it consists of at run time (modules, parameters), nested models included.</summary>
internal sealed class SummaryBuilder
{
    private readonly List<SummaryRow> rows = [];
    private readonly HashSet<IntPtr> counted = [];
    private readonly Dictionary<IntPtr, RegularizedGroup> groups = [];

    private SummaryBuilder(IModel model)
    {
        foreach (var group in model.ParameterGroups())
        {
            foreach (var parameter in group.Parameters)
            {
                groups.TryAdd(parameter.Handle, group);
            }
        }
    }

    internal static ModelSummary Build(IModel model)
    {
        var builder = new SummaryBuilder(model);
        var elsewhere = builder.AddSection(model, "");
        Parameter[] parameters = [.. ModelParts.ModuleOf(model).parameters()];
        return new(
            model.GetType().Name,
            builder.rows,
            parameters.Sum(parameter => parameter.NumberOfElements),
            parameters.Where(parameter => parameter.requires_grad).Sum(parameter => parameter.NumberOfElements),
            parameters.Concat(ModelParts.ModuleOf(model).buffers()).Sum(tensor => tensor.NumberOfElements * tensor.ElementSize),
            [.. elsewhere.Where(entry => entry.Strength != "0").Select(entry => $"{entry.Where}: {Text(entry)}")],
            ArgumentsOf(model));
    }

    /// <summary>Adds a model's layers in the order of its declaration, then its hand-written parts.</summary>
    /// <returns>The entries of the model's plan that belong to none of its layers.</returns>
    private IEnumerable<Regularization> AddSection(IModel model, string prefix)
    {
        var plan = new List<Regularization>(model.RegularizationPlan.Entries);
        var registered = Registered(model);
        var shown = new HashSet<string>();
        var inRows = new HashSet<nn.Module>();

        foreach (var layer in model.DeclaredLayers)
        {
            shown.Add(layer.Path);
            registered.TryGetValue(layer.Path, out var module);
            AddLayer(layer, module);
        }
        foreach (var (path, module) in registered)
        {
            if (!shown.Contains(path) && !inRows.Contains(module))
            {
                AddLayer(new(path, module.GetType().Name, "", ""), module);
            }
        }
        foreach (var (path, parameter) in ModelParts.ModuleOf(model).named_parameters())
        {
            if (!IsInside(path) && counted.Add(parameter.Handle))
            {
                AddRow(new(path, nameof(Parameter), $"[{string.Join(", ", parameter.shape)}]", ""), [parameter], nested: false);
            }
        }
        return plan;

        void AddLayer(LayerDescription layer, nn.Module? module)
        {
            if (module is IModel nested && layer.Details.Length == 0)
            {
                layer = layer with { Details = ArgumentsOf(nested) };
            }
            List<Parameter> own = [];
            var nests = false;
            foreach (var held in module is null ? Enumerable.Empty<nn.Module>() : Layers.Layer.WithReleased(module))
            {
                inRows.Add(held);
                nests |= FindOwn(held, own);
            }
            AddRow(layer, own, nests);
            if (nests)
            {
                AddModelsIn(module!, prefix + layer.Path);
            }
        }

        void AddRow(LayerDescription layer, List<Parameter> parameters, bool nested)
        {
            var entries = plan.FindAll(entry => entry.Where == layer.Path || entry.Where.StartsWith(layer.Path + ".", StringComparison.Ordinal));
            plan.RemoveAll(entries.Contains);
            rows.Add(new(prefix + layer.Path, layer.Kind, layer.Details, layer.OutputShape, parameters.Sum(parameter => parameter.NumberOfElements),
                // What the plan says of the models inside is said in their rows.
                nested ? "" : RegularizedBy(entries, parameters), layer.Fused));
        }

        bool IsInside(string path) => registered.Any(part => path.StartsWith(part.Key + ".", StringComparison.Ordinal));
    }

    /// <summary>Adds the sections of the models in a part: of the part itself, or of those it contains.</summary>
    private void AddModelsIn(nn.Module part, string path)
    {
        if (part is IModel model)
        {
            AddSection(model, path + ".");
            return;
        }
        foreach (var (name, child) in part.named_children())
        {
            if (child is IModel item)
            {
                rows.Add(new($"{path}.{name}", item.GetType().Name, ArgumentsOf(item), "", 0, ""));
            }
            AddModelsIn(child, $"{path}.{name}");
        }
    }

    /// <summary>What was registered with a model: the modules under its containers, by path, in order.</summary>
    private static Dictionary<string, nn.Module> Registered(IModel model)
    {
        var found = new Dictionary<string, nn.Module>();
        Walk(ModelParts.ModuleOf(model), "");
        return found;

        void Walk(nn.Module node, string prefix)
        {
            foreach (var (name, child) in node.named_children())
            {
                if (child is Container)
                {
                    Walk(child, $"{prefix}{name}.");
                }
                else
                {
                    found[prefix + name] = child;
                }
            }
        }
    }

    /// <summary>Finds the parameters of a part that were not counted yet, without those of models in it, which have rows of their own.</summary>
    /// <returns>Whether the part is or contains a model.</returns>
    private bool FindOwn(nn.Module part, List<Parameter> own)
    {
        if (part is IModel)
        {
            return true;
        }
        own.AddRange(part.parameters(recurse: false).Where(parameter => counted.Add(parameter.Handle)));
        var nests = false;
        foreach (var child in part.children())
        {
            nests |= FindOwn(child, own);
        }
        return nests;
    }

    /// <summary>
    /// A layer's regularizers: of its weights, what the optimizer will do to them, which counts in the defaults of the model around it; of all else, what is
    /// declared.
    /// </summary>
    private string RegularizedBy(List<Regularization> declared, List<Parameter> parameters)
    {
        var grouped = parameters.Exists(parameter => groups.ContainsKey(parameter.Handle));
        // A strength of 0 says that something is switched off, which an empty cell says better.
        var texts = declared.Where(entry => entry.Strength != "0" && !(grouped && IsAboutWeights(entry.Kind))).Select(Text);
        return string.Join(", ", texts.Concat(parameters.SelectMany(parameter => Texts(groups.GetValueOrDefault(parameter.Handle)))).Distinct());
    }

    private static bool IsAboutWeights(RegularizationKind kind) =>
        kind is RegularizationKind.Pruned || kind.Place() is RegularizationPlace.Step || kind.Effect() is RegularizationEffect.Shrinkage;

    private static IEnumerable<string> Texts(RegularizedGroup? group) => group is null ? []
        : group.LearningRateFactor == 1 ? Texts(group.Regularization)
        : Texts(group.Regularization).Prepend($"{RegularizationKind.LearningRate}({Text(group.LearningRateFactor)})");

    /// <summary>What the optimizer and the loss do to a group of weights.</summary>
    internal static IEnumerable<string> Texts(WeightRegularization regularization)
    {
        if (regularization.WeightDecay is > 0)
        {
            yield return $"{RegularizationKind.WeightDecay}({Text(regularization.WeightDecay)})";
        }
        if (regularization.L1 is > 0)
        {
            yield return $"{RegularizationKind.L1}({Text(regularization.L1)})";
        }
        if (regularization.L2 is > 0)
        {
            yield return $"{RegularizationKind.L2}({Text(regularization.L2)})";
        }
        if (regularization.Sparsity is > 0)
        {
            var from = regularization.SparsityFromEpoch == 1 ? "" : $", {nameof(PrunedAttribute.FromEpoch)} {Text(regularization.SparsityFromEpoch)}";
            yield return $"{RegularizationKind.Pruned}({Text(regularization.Sparsity)}{from})";
        }
        if (regularization.Constraint is { } constraint && constraint != WeightConstraint.None)
        {
            yield return constraint.ToString();
        }
    }

    private static string Text(Regularization entry) => entry.Strength.Length == 0 ? $"{entry.Kind}" : $"{entry.Kind}({entry.Strength})";

    private static string ArgumentsOf(IModel model) =>
        string.Join(", ", model.DeclaredArguments.Select(argument => $"{argument.Name} = {Text(argument.Value)}"));

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
