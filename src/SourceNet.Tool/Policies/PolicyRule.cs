using System.Globalization;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Regularizers;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Inventory;

namespace SourceNet.Tool.Policies;

/// <summary>One demand: that a regularizer is there, that it is not, or how strong it may be.</summary>
/// <param name="Name">The demand in the team's own words, for reports: <c>every model declares weight decay</c>.</param>
/// <param name="Regularizer">The kinds that it is about: <c>WeightDecay</c>, <c>*Dropout</c>.</param>
internal sealed record PolicyRule(string Name, string Regularizer)
{
    /// <summary>All kinds that an inventory can have.</summary>
    private static readonly string[] s_kinds = [
        .. RegularizerCatalogue.All.Select(regularizer => regularizer.Kind.ToString()),
        .. AugmentationReader.Regularizing
    ];

    /// <summary>The models that it is about: classes with their namespaces, <c>*</c> stands for any text.</summary>
    public string Models { get; set; } = "*";

    /// <summary>
    /// <c>declared</c>, <c>hand-written</c> or <c>augmentation</c>; null for the first two. What an optimizer does, such as weight decay, is known of
    /// declared models only.
    /// </summary>
    public string? ModelKind { get; set; }

    /// <summary>What the regularizer acts on: <c>block*.conv.weight</c>.</summary>
    public string Where { get; set; } = "*";

    /// <summary>Only regularizers of layers that come before a layer of this kind in the forward pass: <c>*Norm*</c>.</summary>
    public string? Before { get; set; }

    /// <summary>There must be at least one.</summary>
    public bool Require { get; set; }

    /// <summary>There must be none.</summary>
    public bool Forbid { get; set; }

    /// <summary>The least strength.</summary>
    public double? Min { get; set; }

    /// <summary>The greatest strength.</summary>
    public double? Max { get; set; }

    /// <summary>How much a violation weighs.</summary>
    public Severity Severity { get; set; } = Severity.Error;

    /// <summary>What is wrong with the rule itself; null for nothing.</summary>
    public string? Mistake() =>
        !s_kinds.Any(kind => Glob.IsMatch(Regularizer, kind)) ? $"expected a regularizer, found \"{Regularizer}\"; there are {string.Join(", ", s_kinds)}"
        : ModelKind is not (null or "declared" or "hand-written" or "augmentation")
            ? $"expected \"declared\", \"hand-written\" or \"augmentation\" for modelKind, found \"{ModelKind}\""
        : Require && Forbid ? "expected require or forbid, found both"
        : Forbid && (Min ?? Max) is not null ? "expected forbid or a range, found both"
        : !Require && !Forbid && (Min ?? Max) is null ? "expected require, forbid, min or max, found none of them"
        : Min > Max ? string.Create(CultureInfo.InvariantCulture, $"expected min up to max, found {Min} and {Max}")
        : Severity == Severity.Hidden ? "expected the severity error, warning or info, found hidden"
        : null;

    /// <summary>What in a model breaks the rule.</summary>
    public IEnumerable<Violation> Check(ModelEntry model)
    {
        if (!Glob.IsMatch(Models, model.Name) || (ModelKind is { } kind ? kind != model.Kind : model.Kind == "augmentation"))
        {
            yield break;
        }

        var about = model.Regularization
            .Where(entry => Glob.IsMatch(Regularizer, entry.Kind) && Glob.IsMatch(Where, entry.Where) && (Before is null || ComesBefore(model, entry)))
            .ToList();
        if (Require && about.Count == 0)
        {
            yield return new(
                this,
                model,
                "",
                $"has no {Regularizer}{(Where == "*" ? "" : $" at {Where}")}{(Before is null ? "" : $" before {Before}")}{(model.IsComplete ? "" : ", as far as its code can be read")}");
        }

        foreach (var entry in about)
        {
            if (Forbid)
            {
                yield return new(this, model, entry.Where, $"has {entry.Kind} {entry.StrengthText()} at {entry.Where}");
            }
            else if ((Min ?? Max) is not null && Problem(entry) is { } problem)
            {
                yield return new(this, model, entry.Where, $"has {entry.Kind} {entry.StrengthText()} at {entry.Where}, {problem}");
            }
        }
    }

    private string? Problem(RegularizerEntry entry) =>
        (entry.Number ?? entry.StrengthByDefault) is not { } strength
            ? "which is no number that can be compared: write one, give its parameters default arguments, or take it out of this rule"
        : strength < Min ? string.Create(CultureInfo.InvariantCulture, $"below {Min}")
        : strength > Max ? string.Create(CultureInfo.InvariantCulture, $"above {Max}")
        : null;

    private bool ComesBefore(ModelEntry model, RegularizerEntry entry)
    {
        var layers = model.Layers.ToList();
        var own = layers.FindIndex(layer => layer.Path == entry.Where);
        return own >= 0 && layers.Skip(own + 1).Any(layer => Glob.IsMatch(Before!, layer.Kind));
    }
}

/// <summary>A place in a model that breaks a rule of a policy.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Model">The model.</param>
/// <param name="Where">What in it; empty for the whole.</param>
/// <param name="Found">What is there, as the rest of a sentence about the model.</param>
internal sealed record Violation(PolicyRule Rule, ModelEntry Model, string Where, string Found);
