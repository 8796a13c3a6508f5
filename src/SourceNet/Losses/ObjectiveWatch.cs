using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// Notes, until it is disposed, which <see cref="Objectives"/> are computed on this thread: what a metric beside the loss, and a mean over several batches,
/// must know of it.
/// </summary>
/// <example><code>
/// using var watch = new ObjectiveWatch();
/// using var loss = model.Loss(output, targets);
/// var counted = watch.Seen.Sum(objective => objective.Counted);
/// </code></example>
public sealed class ObjectiveWatch : IDisposable
{
    [ThreadStatic]
    private static ObjectiveWatch? s_current;

    private readonly ObjectiveWatch? outer = s_current;
    private readonly List<ObservedObjective> seen = [];

    /// <summary>Begins. Of several on one thread the last one notes; dispose them in reverse order.</summary>
    public ObjectiveWatch() => s_current = this;

    /// <summary>The objectives so far, in their order.</summary>
    public IReadOnlyList<ObservedObjective> Seen => seen;

    /// <summary>Ends it.</summary>
    public void Dispose() => s_current = ReferenceEquals(s_current, this) ? outer : s_current;

    /// <summary>A mean over all elements, weighted if there are weights of them.</summary>
    internal static void Note(ObjectiveKind kind, Tensor predictions, Tensor? weights) =>
        s_current?.seen.Add(new(kind, -1, 0, weights is null ? predictions.numel() : SampleWeights.Sum(weights)));

    /// <summary>A mean over samples, whatever numbers a sample has.</summary>
    internal static void NoteSamples(ObjectiveKind kind, Tensor outputs, Tensor? weights) =>
        s_current?.seen.Add(new(kind, -1, 0, weights is null ? outputs.size(0) : SampleWeights.Sum(weights)));

    /// <summary>A softmax cross-entropy.</summary>
    internal static void Note(Tensor logits, Tensor targets, int classAxis, long ignoreIndex, Tensor? weight, Tensor? weightOfPlaces)
    {
        if (s_current is { } watch)
        {
            var counted = targets.dtype == ScalarType.Int64 ? Counted(targets, ignoreIndex, weight, weightOfPlaces)
                : weightOfPlaces is null ? (double)targets.numel() / logits.size(classAxis)
                : SampleWeights.Sum(weightOfPlaces);
            watch.seen.Add(new(ObjectiveKind.CrossEntropy, classAxis, ignoreIndex, counted));
        }
    }

    private static double Counted(Tensor targets, long ignoreIndex, Tensor? weight, Tensor? weightOfPlaces)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var ignored = ignoreIndex.ToScalar();
        var counts = targets.ne(ignored);
        if (weight is null && weightOfPlaces is null)
        {
            return counts.count_nonzero().item<long>();
        }

        var ofTargets = weight?.index_select(0, targets.masked_select(counts)).to(ScalarType.Float64);
        var ofPlaces = weightOfPlaces?.to(ScalarType.Float64, targets.device).masked_select(counts);
        return (ofTargets is null ? ofPlaces! : ofPlaces is null ? ofTargets : ofTargets * ofPlaces).sum().item<double>();
    }
}
