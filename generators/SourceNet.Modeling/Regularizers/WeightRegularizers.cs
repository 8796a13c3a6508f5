using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Regularizers;

/// <summary>What a class or a block says about its weights: each kind at most once. A kind that is not there was not said.</summary>
public sealed record WeightRegularizers
{
    /// <summary>Nothing was said.</summary>
    public static WeightRegularizers None { get; } = new();

    /// <summary>What was said, in the order of the catalogue.</summary>
    public EquatableArray<DeclaredRegularizer> Entries { get; private init; }

    /// <summary>Whether a layer computes with another weight than the one that it has.</summary>
    public bool ReparametrizesWeights => Entries.Any(entry => RegularizerCatalogue.Of(entry.Kind) is Reparametrization);

    /// <summary>The regularizer of a kind; null if it was not said.</summary>
    public DeclaredRegularizer? this[RegularizationKind kind] => Entries.FirstOrDefault(entry => entry.Kind == kind);

    /// <summary>
    /// What the attributes of one class or block say, with the parts of what is several together: an elastic net's decay adds to a decay beside it.
    /// </summary>
    public static WeightRegularizers Of(IEnumerable<DeclaredRegularizer> said)
    {
        var entries = said.ToDictionary(entry => entry.Kind);
        foreach (var whole in entries.Values.ToList())
        {
            if (RegularizerCatalogue.Of(whole.Kind) is not CompositeRegularizer composite)
            {
                continue;
            }

            foreach (var (kind, strength) in composite.Parts(whole.Strength))
            {
                entries[kind] = entries.TryGetValue(kind, out var own)
                    ? own with { Strength = new Strength(own.Strength.Value + strength) }
                    : whole with { Kind = kind, Strength = new Strength(strength) };
            }
        }

        return In(entries.Values);
    }

    /// <summary>
    /// These regularizers, and where they say nothing the class's. What is several together stands only as long as none of its parts is said anew.
    /// </summary>
    public WeightRegularizers Or(WeightRegularizers defaults) =>
        In(Entries.Concat(defaults.Entries.Where(entry => this[entry.Kind] is null && !Parts(entry).Any(part => this[part] is not null))));

    /// <summary>Without what is switched off.</summary>
    public WeightRegularizers Effective() => In(Entries.Where(entry => RegularizerCatalogue.Of(entry.Kind).Argument?.IsOff(entry.Strength) != true));

    /// <summary>Without some of the entries.</summary>
    public WeightRegularizers Without(Func<DeclaredRegularizer, bool> which) => In(Entries.Where(entry => !which(entry)));

    /// <summary>The kinds that an entry is together; none if it is nothing but itself.</summary>
    internal static IEnumerable<RegularizationKind> Parts(DeclaredRegularizer entry) =>
        RegularizerCatalogue.Of(entry.Kind) is CompositeRegularizer composite ? composite.Parts(entry.Strength).Select(part => part.Kind) : [];

    private static WeightRegularizers In(IEnumerable<DeclaredRegularizer> entries) =>
        new() { Entries = entries.OrderBy(entry => RegularizerCatalogue.OrderOf(entry.Kind)).ToEquatableArray() };
}
