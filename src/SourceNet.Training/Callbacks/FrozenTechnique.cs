using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Lets parts that are declared <c>[Frozen(UntilEpoch = n)]</c> learn from that epoch on. It follows from the epoch alone, also after a resume.
/// </summary>
internal sealed class FrozenTechnique(nn.Module model) : ITrainingCallback
{
    private readonly FrozenPart[] parts = [.. Parts(model)];

    /// <summary>The declared parts of a model and of the models in it.</summary>
    internal static IEnumerable<FrozenPart> Parts(nn.Module model) =>
        model.modules().Prepend(model).Distinct().OfType<IModel>().SelectMany(inner => inner.FrozenParts);

    public void EpochBegins(TrainingRun run)
    {
        foreach (var part in parts.Where(part => part.UntilEpoch is not null))
        {
            Set(run, part, run.Epoch < part.UntilEpoch);
        }

        // What is still frozen may lie in a part that was thawed.
        foreach (var part in parts.Where(part => part.IsFrozen))
        {
            Set(run, part, frozen: true);
        }
    }

    private static void Set(TrainingRun run, FrozenPart part, bool frozen)
    {
        if (frozen)
        {
            part.Freeze();
        }
        else if (part.IsFrozen)
        {
            part.Thaw();
        }

        foreach (var module in part.Modules)
        {
            (frozen ? (Action<nn.Module>)run.Freeze : run.Thaw)(module);
        }
    }
}
