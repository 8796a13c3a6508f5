using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>The mean loss of two forward passes, between which dropout draws anew, and the divergence of what they give: <see cref="RDrop"/>.</summary>
internal sealed class RDropTechnique(double weight) : ITrainingTechnique
{
    public Tensor Objective(TrainingRun run, Tensor inputs, Tensor targets, Func<Tensor> next)
    {
        var (first, second) = (run.Model.call(inputs), run.Model.call(inputs));
        using var watch = new ObjectiveWatch();
        var loss = run.Loss(first, targets);
        var classAxis = watch.Seen is [{ Kind: ObjectiveKind.CrossEntropy } objective] ? objective.ClassAxis : 1;
        using var one = 1.ToScalar();
        using var half = 0.5.ToScalar();
        return loss.add(run.Loss(second, targets), one).mul(half).add(RDrop.Loss(first, second, weight, classAxis), one);
    }
}
