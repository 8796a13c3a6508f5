using System.ComponentModel;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Parameters that the optimizer regularizes alike.</summary>
public sealed class RegularizedGroup
{
    /// <summary>Where the model inside is that the group comes from; empty for the model itself.</summary>
    private readonly string path = "";

    private readonly string kind;
    private readonly double learningRateFactor = 1;

    /// <param name="name">What the group is called in messages and summaries: <c>decay</c>, <c>no decay</c>.</param>
    /// <param name="regularization">What is done to each of the parameters at each step.</param>
    /// <param name="parameters">The parameters. A copy is taken.</param>
    /// <exception cref="ArgumentException">A parameter is null: the layer has none of that name, a bias perhaps.</exception>
    public RegularizedGroup(string name, WeightRegularization regularization, IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(regularization);
        ArgumentNullException.ThrowIfNull(parameters);
        Parameter[] copy = [.. parameters];
        var missing = Array.FindIndex(copy, parameter => parameter is null);
        if (missing >= 0)
        {
            throw new ArgumentException($"Parameter {missing} of the group '{name}' is null: the layer was created without it.", nameof(parameters));
        }
        kind = name;
        Regularization = regularization;
        Parameters = copy;
    }

    private RegularizedGroup(RegularizedGroup group, string path, string kind, WeightRegularization regularization, IReadOnlyList<Parameter> parameters)
    {
        (this.path, this.kind, Regularization, Parameters) = (path, kind, regularization, parameters);
        learningRateFactor = group.learningRateFactor;
    }

    /// <summary>
    /// What the group is called in messages and summaries: what its parameters are, after the path of the model inside that they belong to, <c>layer1.0,
    /// decay</c>.
    /// </summary>
    public string Name => path.Length == 0 ? kind : $"{path}, {kind}";

    /// <summary>What is done to each of the parameters at each step.</summary>
    public WeightRegularization Regularization { get; }

    /// <summary>The parameters, in a fixed order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What the optimizer's learning rate is multiplied with for these parameters: above 0 and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or not finite.</exception>
    public double LearningRateFactor
    {
        get => learningRateFactor;
        init => learningRateFactor = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The factor of the learning rate must be above 0 and finite.");
    }

    /// <summary>Groups the parameters of a hand-written part: its weights are regularized, everything else is not.</summary>
    /// <remarks>
    /// A weight has two or more axes and does not belong to an embedding or a normalization layer. Declared models inside the part
    /// bring their own groups. A parameter that is shared, under whatever name, appears once, where it comes first; groups without parameters are left out.
    /// </remarks>
    /// <param name="name">What the group of weights is called; the other one is called <c>"{name}, no decay"</c>.</param>
    /// <param name="part">Any module.</param>
    /// <param name="regularization">What holds for the weights.</param>
    public static IReadOnlyList<RegularizedGroup> Of(string name, nn.Module part, WeightRegularization regularization)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(regularization);

        var weights = new List<Parameter>();
        var transposed = new List<RegularizedGroup>();
        var others = new List<Parameter>();
        var declared = new List<RegularizedGroup>();
        var seen = new HashSet<Tensor>(SameMemory.Comparer);
        Classify(part, name);

        List<RegularizedGroup> groups = [];
        if (weights.Count > 0)
        {
            groups.Add(new(name, regularization, weights));
        }
        groups.AddRange(transposed);
        if (others.Count > 0)
        {
            groups.Add(new($"{name}, no decay", WeightRegularization.None, others));
        }
        groups.AddRange(declared);
        return groups;

        void Classify(nn.Module module, string path)
        {
            if (module is IModel model)
            {
                foreach (var group in Within(path, model.ParameterGroups(regularization)))
                {
                    Parameter[] unseen = [.. group.Parameters.Where(parameter => seen.Add(parameter))];
                    if (unseen.Length > 0)
                    {
                        declared.Add(unseen.Length == group.Parameters.Count ? group : group.Only(unseen));
                    }
                }
                return;
            }
            foreach (var parameter in module.parameters(recurse: false))
            {
                if (!seen.Add(parameter))
                {
                    continue;
                }
                if (parameter.ndim >= 2 && module is Convolution { transposed: true } convolution && regularization.OnUnits(1, convolution.groups) is var moved
                    && moved != regularization)
                {
                    transposed.Add(new($"{name}, transposed", moved, [parameter]));
                    continue;
                }
                (parameter.ndim >= 2 && !IsScaleOrTable(module) ? weights : others).Add(parameter);
            }
            foreach (var (child, inner) in module.named_children())
            {
                Classify(inner, $"{path}.{child}");
            }
        }
    }

    /// <summary>Groups the parameters of hand-written parts in an array or list, each under its index: <c>heads.0</c>, <c>heads.1, no decay</c>.</summary>
    /// <param name="name">The path of the list.</param>
    /// <param name="parts">Any modules.</param>
    /// <param name="regularization">What holds for the weights.</param>
    public static IEnumerable<RegularizedGroup> OfAll(string name, IEnumerable<nn.Module> parts, WeightRegularization regularization)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.SelectMany((part, index) => Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}.{index}"), part, regularization));
    }

    /// <summary>
    /// Groups the parameters of hand-written parts that have paths of their own: those of dictionaries, tuples, lists of lists, and those that are there at
    /// all.
    /// </summary>
    /// <param name="parts">Each module with its path.</param>
    /// <param name="regularization">What holds for the weights.</param>
    /// <remarks>Generated code calls it.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IEnumerable<RegularizedGroup> OfAll(IEnumerable<(string Path, nn.Module? Module)> parts, WeightRegularization regularization)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.SelectMany(part => Of(part.Path, part.Module!, regularization));
    }

    /// <summary>The group of a hand-written parameter that is not regularized; none if there is no parameter.</summary>
    /// <param name="name">What the group is called.</param>
    /// <param name="parameter">The parameter, or null.</param>
    /// <remarks>Generated code calls it.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IEnumerable<RegularizedGroup> OfOptional(string name, Parameter? parameter) =>
        parameter is null ? [] : [new(name, WeightRegularization.None, [parameter])];

    /// <summary>The groups of a model inside another one, with its path before their names: <c>layer1.0, decay</c>.</summary>
    /// <param name="path">Where the model inside is.</param>
    /// <param name="groups">Its groups.</param>
    public static IEnumerable<RegularizedGroup> Within(string path, IEnumerable<RegularizedGroup> groups)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(groups);
        return groups.Select(group =>
            new RegularizedGroup(group, group.path.Length == 0 ? path : $"{path}.{group.path}", group.kind, group.Regularization, group.Parameters));
    }

    /// <summary>Groups whose learning rate is multiplied: that of a part whose own factors count too.</summary>
    /// <param name="factor">What it is multiplied with, above 0 and finite.</param>
    /// <param name="groups">The groups of the part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not above 0, or not finite.</exception>
    public static IEnumerable<RegularizedGroup> AtLearningRate(double factor, IEnumerable<RegularizedGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"learning rate {factor}");
        return groups.Select(group => new RegularizedGroup(group, group.path, $"{text}, {group.kind}", group.Regularization, group.Parameters)
        {
            LearningRateFactor = group.LearningRateFactor * factor,
        });
    }

    /// <summary>Groups of parameters that are frozen: what never learns is not regularized.</summary>
    /// <param name="untilEpoch">The epoch with which they begin to learn, and are regularized as they were; null for never.</param>
    /// <param name="groups">The groups of what is frozen.</param>
    public static IEnumerable<RegularizedGroup> Frozen(int? untilEpoch, IEnumerable<RegularizedGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return groups.Select(group => untilEpoch is { } epoch
            ? new RegularizedGroup(
                group,
                group.path,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"frozen until epoch {epoch}, {group.kind}"),
                group.Regularization,
                group.Parameters)
            : new RegularizedGroup(group, group.path, "frozen", group.Regularization.Alone(), group.Parameters));
    }

    /// <summary>The same of some of the parameters.</summary>
    internal RegularizedGroup Only(IReadOnlyList<Parameter> parameters) => new(this, path, kind, Regularization, parameters);

    /// <summary>Layers whose parameters are no weights of a linear map, however many axes they have.</summary>
    private static bool IsScaleOrTable(nn.Module module) =>
        module is Embedding or EmbeddingBag or Layers.PositionEmbedding or LayerNorm or GroupNorm or NormBase or Layers.RMSNorm or CompilerServices.WeightNorm;
}
