using SourceNet.Modeling.Strategy.Json;

namespace SourceNet.Modeling.Strategy;

/// <summary>Reads a policy file, as docs/policy.schema.json describes it. It tells every mistake with its place.</summary>
public sealed class PolicyReader
{
    private readonly List<JsonError> _errors = [];

    private PolicyReader()
    {
    }

    /// <param name="text">The text of the file.</param>
    /// <param name="fileName">Its name, for messages.</param>
    /// <returns>The policy, or null and at least one error.</returns>
    public static (StrategyTable? Table, IReadOnlyList<JsonError> Errors) Read(string text, string fileName)
    {
        var (root, error) = JsonReader.Read(text);
        if (root is null)
        {
            return (null, [error!]);
        }

        var reader = new PolicyReader();
        var policy = reader.Table(root, fileName);
        return reader._errors.Count == 0 ? (policy, []) : (null, reader._errors);
    }

    private StrategyTable? Table(JsonValue root, string fileName)
    {
        if (!IsObject(root, "a policy", "$schema", "deepLayers", "bands"))
        {
            return null;
        }

        var deep = Member(root, "deepLayers") is { } layers ? Whole(layers, "deepLayers", int.MaxValue) : StrategyTable.Guide.DeepLayers;
        if (Member(root, "bands") is not { } bands)
        {
            Fail(root.Place, "\"bands\"", "none");
            return null;
        }

        if (bands is not { Kind: JsonKind.Array, Items.Count: > 0 })
        {
            Fail(bands.Place, "\"bands\" to be an array of at least one band", bands.Kind == JsonKind.Array ? "none" : bands.Described);
            return null;
        }

        var read = new List<Band>();
        for (var i = 0; i < bands.Items.Count; i++)
        {
            read.Add(Band(bands.Items[i], isLast: i == bands.Items.Count - 1, read.LastOrDefault()?.Below ?? 0));
        }

        return new StrategyTable($"the policy {fileName}", (int)deep, read.ToEquatableArray());
    }

    private Band Band(JsonValue value, bool isLast, long start)
    {
        if (!IsObject(value, "a band", "below", "dropout", "weightDecay", "augmentation", "normalization"))
        {
            return new Band(null, 0, 0, AugmentationAdvice.None, false);
        }

        return new Band(
            Below(value, isLast, start),
            Number(value, "dropout", "a number in [0, 1)", number => number is >= 0 and < 1),
            Number(value, "weightDecay", "a number of at least 0", number => number >= 0),
            Augmentation(value),
            Flag(value, "normalization"));
    }

    private long? Below(JsonValue band, bool isLast, long start)
    {
        if (Member(band, "below") is not { } below)
        {
            if (!isLast)
            {
                Fail(band.Place, "\"below\" in every band but the last", "none");
            }

            return null;
        }

        if (isLast)
        {
            Fail(below.Place, "no \"below\" in the last band, which has no end", below.Described);
            return null;
        }

        var end = Whole(below, "below", 1L << 53);
        if (end > 0 && end <= start)
        {
            Fail(below.Place, $"\"below\" to be above that of the band before, {start}", below.Described);
        }

        return end;
    }

    private AugmentationAdvice Augmentation(JsonValue band)
    {
        if (Required(band, "augmentation") is not { } value)
        {
            return AugmentationAdvice.None;
        }

        switch (value.Kind == JsonKind.String ? value.Text : "")
        {
            case "none":
                return AugmentationAdvice.None;
            case "yes":
                return AugmentationAdvice.Yes;
            case "heavy":
                return AugmentationAdvice.Heavy;
            default:
                Fail(value.Place, "\"augmentation\" to be \"none\", \"yes\" or \"heavy\"", value.Described);
                return AugmentationAdvice.None;
        }
    }

    private bool Flag(JsonValue band, string name)
    {
        if (Required(band, name) is { } value && value.Kind != JsonKind.Boolean)
        {
            Fail(value.Place, $"\"{name}\" to be true or false", value.Described);
        }

        return Member(band, name)?.Text == "true";
    }

    private double Number(JsonValue band, string name, string range, Func<double, bool> isInRange)
    {
        if (Required(band, name) is not { } value)
        {
            return 0;
        }

        if (value.Kind != JsonKind.Number || !isInRange(value.Number))
        {
            Fail(value.Place, $"\"{name}\" to be {range}", value.Described);
        }

        return value.Number;
    }

    private long Whole(JsonValue value, string name, long most)
    {
        if (value.Kind == JsonKind.Number && value.Number >= 1 && value.Number <= most && Math.Floor(value.Number) == value.Number)
        {
            return (long)value.Number;
        }

        Fail(value.Place, $"\"{name}\" to be a whole number from 1 to {most}", value.Described);
        return 0;
    }

    private bool IsObject(JsonValue value, string what, params string[] names)
    {
        if (value.Kind != JsonKind.Object)
        {
            Fail(value.Place, $"{what}, an object", value.Described);
            return false;
        }

        foreach (var member in value.Members.Where(member => !names.Contains(member.Name)))
        {
            Fail(member.Place, $"one of {string.Join(", ", names.Select(name => $"\"{name}\""))}", $"\"{member.Name}\"");
        }

        return true;
    }

    private JsonValue? Required(JsonValue owner, string name)
    {
        var value = Member(owner, name);
        if (value is null)
        {
            Fail(owner.Place, $"\"{name}\" in every band", "none");
        }

        return value;
    }

    private static JsonValue? Member(JsonValue owner, string name) => owner.Members.FirstOrDefault(member => member.Name == name)?.Value;

    private void Fail(JsonPlace place, string expected, string found) => _errors.Add(new JsonError(place, $"expected {expected}, found {found}"));
}
