using SourceNet.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet.Tests.Models;

/// <summary>A model with nothing to say but what a test overrides.</summary>
internal abstract class BareModel : Model
{
    public override RegularizationPlan RegularizationPlan => RegularizationPlan.Empty;
    protected override IReadOnlyList<LayerDescription> LayerDescriptions => [];
    public override IReadOnlyList<RegularizedGroup> ParameterGroups(WeightRegularization? inherited = null) => [];
    public override Tensor Loss(Tensor logits, Tensor targets) => logits.sum();
    public override Tensor forward(Tensor input) => input.alias();
}
