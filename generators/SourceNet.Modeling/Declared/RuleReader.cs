using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads the regularizers of weights that a class or a block declares.</summary>
internal sealed class RuleReader(Provenance provenance)
{
    private Rule? _elasticL1;
    private Rule? _elasticDecay;

    private WeightRules _rules = new();

    /// <summary>What was read. Elastic net is its two parts.</summary>
    public WeightRules Rules => _rules with
    {
        L1 = Sum(_rules.L1, _elasticL1),
        WeightDecay = Sum(_rules.WeightDecay, _elasticDecay),
    };

    /// <summary>Takes the attribute if it is a weight regularizer.</summary>
    public bool TryRead(AttributeReader attribute)
    {
        switch (attribute.Name)
        {
            case "WeightDecay":
                _rules = _rules with { WeightDecay = AtLeast0(attribute) };
                return true;
            case "L1":
                _rules = _rules with { L1 = AtLeast0(attribute) };
                return true;
            case "L2":
                _rules = _rules with { L2 = AtLeast0(attribute) };
                return true;
            case "ElasticNet":
                var alpha = attribute.Rate(attribute.Positional(0), "Alpha", value => value >= 0, "at least 0");
                var ratio = attribute.Says("L1Ratio")
                    ? attribute.Rate(attribute.Named("L1Ratio"), "L1Ratio", value => value is >= 0 and <= 1, "in [0, 1]")
                    : Rate.Of(0.5);
                _elasticL1 = Rule(alpha * ratio, attribute);
                _elasticDecay = Rule(alpha * ratio.Complement(), attribute);
                return true;
            case "MaxNorm":
                _rules = _rules with { MaxNorm = Rule(attribute.Rate(attribute.Positional(0), "The norm", value => value >= 0, "above 0, or 0 to switch it off"), attribute) };
                return true;
            case "UnitNorm":
                _rules = _rules with { UnitNorm = Rule(Rate.Of(1), attribute) };
                return true;
            case "NonNegative":
                _rules = _rules with { NonNegative = Rule(Rate.Of(1), attribute) };
                return true;
            case "Orthogonal":
                _rules = _rules with { Orthogonal = Rule(Rate.Of(1), attribute) };
                return true;
            case "DropConnect":
                _rules = _rules with { DropConnect = Rule(attribute.Rate(attribute.Positional(0)), attribute) };
                return true;
            case "WeightNorm":
                _rules = _rules with { WeightNorm = Rule(Rate.Of(1), attribute) };
                return true;
            case "SpectralNorm":
                var iterations = attribute.Says("Iterations") ? attribute.NamedSize("Iterations", 1).Constant ?? 1 : 1;
                _rules = _rules with { SpectralNorm = Rule(Rate.Of(iterations), attribute) };
                return true;
            default:
                return false;
        }
    }

    private Rule AtLeast0(AttributeReader attribute) =>
        Rule(attribute.Rate(attribute.Positional(0), "The strength", value => value >= 0, "at least 0"), attribute);

    private Rule Rule(Rate strength, AttributeReader attribute) => new(strength, provenance, attribute.Origin);

    private static Rule? Sum(Rule? left, Rule? right) =>
        left is null ? right : right is null ? left : left with { Strength = left.Strength + right.Strength };
}
