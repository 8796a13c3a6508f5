using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads the regularizers of the training loop that a class declares.</summary>
internal static class TrainingReader
{
    /// <returns>Null if the attribute is another one.</returns>
    public static TrainingRule? Read(AttributeReader attribute)
    {
        Rate? strength = attribute.Name switch
        {
            "Ema" => Rate("The decay", value => value is > 0 and < 1, "in (0, 1)"),
            "Swa" => attribute.Rate(attribute.Positional(0), "The start"),
            "Sam" => Rate("The radius", value => value > 0, "above 0"),
            "RDrop" => Rate("The weight", value => value > 0, "above 0"),
            "MixUp" or "CutMix" => Rate("Alpha", value => value > 0, "above 0"),
            "EarlyStopping" => Rate("The patience", value => value >= 1, "at least 1"),
            _ => null,
        };
        return strength is null ? null : new TrainingRule(attribute.Name, new Rule(strength, Provenance.Explicit, attribute.Origin));

        Rate Rate(string what, Func<double, bool> isInRange, string range) => attribute.Rate(attribute.Positional(0), what, isInRange, range);
    }
}
