using SourceNet;

namespace QuickStart.Training;

/// <summary>A model after its training.</summary>
/// <param name="Create">Makes an untrained one of its kind.</param>
/// <param name="Model">The trained one.</param>
/// <param name="Curve">What it reached after each epoch.</param>
internal sealed record TrainedModel(Func<Model> Create, Model Model, IReadOnlyList<EpochResult> Curve) : IDisposable
{
    /// <summary>The name of its class.</summary>
    public string Name => Model.GetType().Name;

    /// <summary>What it reached in the end.</summary>
    public EpochResult Final => Curve[^1];

    public void Dispose() => Model.Dispose();
}
