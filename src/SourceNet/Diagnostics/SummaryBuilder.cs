using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Joins what a model declares (layers, plan) with what it consists of at run time (modules, parameters), nested models included.</summary>
internal sealed class SummaryBuilder
{
    private readonly List<SummaryRow> rows = [];
    private readonly HashSet<IntPtr> counted = [];

    internal static ModelSummary Build(Model model)
    {
        var builder = new SummaryBuilder();
        var elsewhere = builder.AddSection(model, "");
        Parameter[] parameters = [.. model.parameters()];
        return new(
            model.GetType().Name,
            builder.rows,
            parameters.Sum(parameter => parameter.NumberOfElements),
            parameters.Where(parameter => parameter.requires_grad).Sum(parameter => parameter.NumberOfElements),
            parameters.Concat(model.buffers()).Sum(tensor => tensor.NumberOfElements * tensor.ElementSize),
            [.. elsewhere.Select(entry => $"{entry.Where}: {Text(entry)}")],
            ArgumentsOf(model));
    }

    /// <summary>Adds a model's layers in the order of its declaration, then its hand-written parts.</summary>
    /// <returns>The entries of the model's plan that belong to none of its layers.</returns>
    private IEnumerable<Regularization> AddSection(Model model, string prefix)
    {
        var plan = new List<Regularization>(model.RegularizationPlan.Entries);
        var registered = Registered(model);
        var shown = new HashSet<string>();

        foreach (var layer in model.DeclaredLayers)
        {
            shown.Add(layer.Path);
            registered.TryGetValue(layer.Path, out var module);
            AddLayer(layer, module);
        }
        foreach (var (path, module) in registered)
        {
            if (!shown.Contains(path))
            {
                AddLayer(new(path, module.GetType().Name, "", ""), module);
            }
        }
        foreach (var (path, parameter) in model.named_parameters())
        {
            if (IsUncounted(parameter) && !IsInsideModel(path))
            {
                counted.Add(parameter.Handle);
                AddRow(new(path, nameof(Parameter), $"[{string.Join(", ", parameter.shape)}]", ""), parameter.NumberOfElements);
            }
        }
        return plan;

        void AddLayer(LayerDescription layer, nn.Module? module)
        {
            if (module is Model nested && layer.Details.Length == 0)
            {
                layer = layer with { Details = ArgumentsOf(nested) };
            }
            AddRow(layer, module is null ? 0 : CountOwn(module));
            if (module is not null)
            {
                AddModelsIn(module, prefix + layer.Path);
            }
        }

        void AddRow(LayerDescription layer, long parameters)
        {
            var own = plan.FindAll(entry => entry.Where == layer.Path || entry.Where.StartsWith(layer.Path + ".", StringComparison.Ordinal));
            plan.RemoveAll(own.Contains);
            // A strength of 0 says that something is switched off, which an empty cell says better.
            var regularizedBy = string.Join(", ", own.Where(entry => entry.Strength != "0").Select(Text).Distinct());
            rows.Add(new(prefix + layer.Path, layer.Kind, layer.Details, layer.OutputShape, parameters, regularizedBy));
        }

        bool IsInsideModel(string path) => registered.Any(part => path.StartsWith(part.Key + ".", StringComparison.Ordinal));
    }

    /// <summary>Adds the sections of the models in a part: of the part itself, or of those it contains.</summary>
    private void AddModelsIn(nn.Module part, string path)
    {
        if (part is Model model)
        {
            AddSection(model, path + ".");
            return;
        }
        foreach (var (name, child) in part.named_children())
        {
            if (child is Model item)
            {
                rows.Add(new($"{path}.{name}", item.GetType().Name, ArgumentsOf(item), "", 0, ""));
            }
            AddModelsIn(child, $"{path}.{name}");
        }
    }

    /// <summary>What was registered with a model: the modules under its containers, by path, in order.</summary>
    private static Dictionary<string, nn.Module> Registered(Model model)
    {
        var found = new Dictionary<string, nn.Module>();
        Walk(model, "");
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

    /// <summary>Counts the parameters of a part, without those of models in it, which have rows of their own.</summary>
    private long CountOwn(nn.Module part)
    {
        if (part is Model)
        {
            return 0;
        }
        long count = 0;
        foreach (var parameter in part.parameters(recurse: false))
        {
            count += counted.Add(parameter.Handle) ? parameter.NumberOfElements : 0;
        }
        return count + part.children().Sum(CountOwn);
    }

    private bool IsUncounted(Parameter parameter) => !counted.Contains(parameter.Handle);

    private static string Text(Regularization entry) => entry.Strength.Length == 0 ? $"{entry.Kind}" : $"{entry.Kind}({entry.Strength})";

    private static string ArgumentsOf(Model model) => string.Join(", ", model.DeclaredArguments.Select(argument => $"{argument.Name} = {Text(argument.Value)}"));

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
