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

    /// <summary>A mean over all elements.</summary>
    internal static void Note(ObjectiveKind kind, Tensor predictions) => s_current?.seen.Add(new(kind, -1, 0, predictions.numel()));

    /// <summary>A softmax cross-entropy.</summary>
    internal static void Note(Tensor logits, Tensor targets, int classAxis, long ignoreIndex, Tensor? weight)
    {
        if (s_current is { } watch)
        {
            var counted = targets.dtype == ScalarType.Int64 ? Counted(targets, ignoreIndex, weight) : (double)targets.numel() / logits.size(classAxis);
            watch.seen.Add(new(ObjectiveKind.CrossEntropy, classAxis, ignoreIndex, counted));
        }
    }

    private static double Counted(Tensor targets, long ignoreIndex, Tensor? weight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var ignored = ignoreIndex.ToScalar();
        var counts = targets.ne(ignored);
        return weight is null
            ? counts.count_nonzero().item<long>()
            : weight.index_select(0, targets.masked_select(counts)).sum(ScalarType.Float64).item<double>();
    }
}
