using System.Globalization;
using System.Text.Json;
using SourceNet.Training;

namespace SourceNet.Sweep.Search;

/// <summary>Numbers on a scale, on which the search takes them for spread evenly.</summary>
internal abstract record NumericRange : SearchRange
{
    /// <summary>Where the scale begins.</summary>
    public abstract double Low { get; }

    /// <summary>Where it ends.</summary>
    public abstract double High { get; }

    /// <summary>Whether a value stands for all places within a half of it, not for one place.</summary>
    public virtual bool IsDiscrete => false;

    public override JsonElement Draw(ref RandomStream random) => Value(random.Uniform(Low, High));

    public override IKernels Kernels(IReadOnlyList<JsonElement> observed, int parameters) => new NormalKernels(this, [.. observed.Select(Place)], parameters);

    /// <summary>The value at a place of the scale.</summary>
    public abstract JsonElement Value(double place);

    /// <summary>The place of a value on the scale.</summary>
    public abstract double Place(JsonElement value);

    protected static JsonElement Number(double value) => JsonElement.Parse(value.ToString("R", CultureInfo.InvariantCulture));
}

/// <summary><c>{ "uniform": [low, high] }</c>: every number between them is as likely.</summary>
internal sealed record UniformRange(double From, double To) : NumericRange
{
    public override double Low => From;

    public override double High => To;

    public override JsonElement Value(double place) => Number(Math.Clamp(place, From, To));

    public override double Place(JsonElement value) => value.GetDouble();
}

/// <summary><c>{ "log-uniform": [low, high] }</c>: every order of magnitude is as likely.</summary>
internal sealed record LogUniformRange(double From, double To) : NumericRange
{
    public override double Low => Math.Log(From);

    public override double High => Math.Log(To);

    public override JsonElement Value(double place) => Number(Math.Clamp(Math.Exp(place), From, To));

    public override double Place(JsonElement value) => Math.Log(value.GetDouble());
}

/// <summary>
/// <c>{ "int": [low, high] }</c> and <c>{ "quantized": [low, high, step] }</c>: numbers with a step between them. Decimal, so that 0.1 + 2 · 0.05 is 0.2.
/// </summary>
internal sealed record SteppedRange(decimal From, decimal Step, long Steps) : NumericRange
{
    /// <summary>As many digits as a decimal has, and no zeros at the end: a decimal knows 0.1 from 0.10.</summary>
    private const string Digits = "0.############################";

    public override double Low => -0.5;

    public override double High => Steps + 0.5;

    public override bool IsDiscrete => true;

    public override JsonElement Value(double place) =>
        JsonElement.Parse((From + (Step * Math.Clamp((long)Math.Round(place), 0, Steps))).ToString(Digits, CultureInfo.InvariantCulture));

    public override double Place(JsonElement value) => (double)((value.GetDecimal() - From) / Step);
}
