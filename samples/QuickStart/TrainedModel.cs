using SourceNet;
using SourceNet.Training;

namespace QuickStart;

/// <summary>A model after its training.</summary>
/// <param name="Create">Makes an untrained one of its kind.</param>
/// <param name="Model">The trained one.</param>
/// <param name="History">How it got there.</param>
internal sealed record TrainedModel(Func<Model> Create, Model Model, TrainingHistory History) : IDisposable
{
    public void Dispose() => Model.Dispose();
}
