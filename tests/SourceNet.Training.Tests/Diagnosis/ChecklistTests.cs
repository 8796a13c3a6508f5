namespace SourceNet.Training.Tests.Diagnosis;

public class ChecklistTests
{
    public static TheoryData<RegularizationKind> Kinds => new(Enum.GetValues<RegularizationKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_regularizer_that_takes_capacity_or_ends_a_training_is_in_the_checklist(RegularizationKind kind)
    {
        var checklist = new Checklist(new RegularizationPlan([new("somewhere", kind, "0.5", Provenance.Explicit)]), augments: null);

        var steps = checklist
            .For(Fit.Overfitting)
            .Concat(checklist.For(Fit.Underfitting))
            .SelectMany(step => step.Declared)
            .Select(entry => entry.Kind)
            .Distinct();

        // What steadies a training is neither a reason for underfitting nor a remedy against overfitting.
        Assert.Equal(kind.Effect() == RegularizationEffect.Stabilization ? [] : [kind], steps);
    }

    [Theory]
    [InlineData(RegularizationKind.WeightNorm)]
    [InlineData(RegularizationKind.GradientClip)]
    [InlineData(RegularizationKind.Ema)]
    [InlineData(RegularizationKind.Swa)]
    public void What_steadies_a_training_is_known(RegularizationKind kind) => Assert.Equal(RegularizationEffect.Stabilization, kind.Effect());
}
