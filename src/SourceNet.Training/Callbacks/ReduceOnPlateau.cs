using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Multiplies the learning rate when what is watched has not improved for some epochs, as PyTorch's <c>ReduceLROnPlateau</c> does. Beside a schedule both
/// count.
/// </summary>
/// <remarks>Its best number and its counters are in checkpoints.</remarks>
/// <example><code>
/// new Trainer(model, new() { Callbacks = [new ReduceOnPlateau(patience: 5, monitor: "validation accuracy")] }).Fit(train, validation);
/// </code></example>
public sealed class ReduceOnPlateau : ITrainingCallback
{
    private const string StateName = "counters";

    private readonly double factor;
    private readonly int patience;
    private readonly Monitored monitored;
    private readonly double threshold;
    private readonly bool isRelative;
    private readonly int cooldown;
    private readonly double least;

    private Monitor watched;
    private double? best;
    private int bad;
    private int cooling;

    /// <param name="factor">What the learning rate is multiplied by, in (0, 1).</param>
    /// <param name="patience">How many epochs without improvement are borne: it is reduced after one more. At least 0.</param>
    /// <param name="monitor">What is watched; null for the validation loss.</param>
    /// <param name="threshold">By how much the number must get better to count, at least 0.</param>
    /// <param name="isRelative">Whether that is a share of the best number, or an amount.</param>
    /// <param name="cooldown">For how many epochs after a reduction none is counted, at least 0.</param>
    /// <param name="least">The share of the learning rate that it never falls below, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public ReduceOnPlateau(
        double factor = 0.1,
        int patience = 10,
        Monitored? monitor = null,
        double threshold = 1e-4,
        bool isRelative = true,
        int cooldown = 0,
        double least = 0)
    {
        Check(factor is > 0 and < 1, factor, nameof(factor), "Expected a factor in (0, 1).");
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        Check(threshold >= 0, threshold, nameof(threshold), "Expected a threshold of at least 0.");
        ArgumentOutOfRangeException.ThrowIfNegative(cooldown);
        Check(least is >= 0 and <= 1, least, nameof(least), "Expected a share in [0, 1].");
        (this.factor, this.patience, monitored, this.threshold) = (factor, patience, monitor ?? Monitored.ValidationLoss, threshold);
        (this.isRelative, this.cooldown, this.least) = (isRelative, cooldown, least);
    }

    /// <inheritdoc/>
    public string Name => "reduce on plateau";

    /// <inheritdoc/>
    public void FitBegins(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        watched = monitored.In(run, "ReduceOnPlateau");
        if (run.Step == 0)
        {
            (best, bad, cooling) = (null, 0, 0);
        }
    }

    /// <inheritdoc/>
    public void Measured(TrainingRun run, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(result);
        var number = watched.In(result);
        if (Improves(number))
        {
            (best, bad) = (number, 0);
        }
        else
        {
            bad++;
        }

        if (cooling > 0)
        {
            (cooling, bad) = (cooling - 1, 0);
        }

        if (bad > patience)
        {
            run.RateFactor = Math.Min(run.RateFactor, Math.Max(run.RateFactor * factor, least));
            (cooling, bad) = (cooldown, 0);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Save() => new Dictionary<string, Tensor>
    {
        [StateName] = tensor(new[] { best ?? double.NaN, bad, cooling }),
    };

    /// <inheritdoc/>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (best, bad, cooling) = (null, 0, 0);
        if (state.TryGetValue(StateName, out var saved))
        {
            var numbers = saved.data<double>().ToArray();
            (best, bad, cooling) = (double.IsNaN(numbers[0]) ? null : numbers[0], (int)numbers[1], (int)numbers[2]);
        }
    }

    private bool Improves(double? number)
    {
        if (best is not { } reference)
        {
            return number is not null;
        }

        // As PyTorch has it: a share of the number itself, not of its size.
        return isRelative
            ? watched.IsBetter(number, watched.Direction == MetricDirection.Minimize ? reference * (1 - threshold) : reference * (1 + threshold))
            : watched.IsBetter(number, reference, threshold);
    }

    private static void Check(bool holds, double value, string name, string expected)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, expected);
        }
    }
}
