using System.Reflection;

namespace SourceNet.Tests.Diagnostics;

public class RegularizationKindTests
{
    public static TheoryData<RegularizationKind> Kinds => new(Enum.GetValues<RegularizationKind>());

    public static TheoryData<string> Penalties =>
        new(typeof(WeightRegularization).GetProperties().Where(property => property.PropertyType == typeof(double?)).Select(property => property.Name));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_place_and_an_effect(RegularizationKind kind)
    {
        Assert.True(Enum.IsDefined(kind.Place()));
        Assert.True(Enum.IsDefined(kind.Effect()));
    }

    [Fact]
    public void A_number_that_is_no_kind_has_neither()
    {
        Assert.ThrowsAny<InvalidOperationException>(() => ((RegularizationKind)(-1)).Place());
        Assert.ThrowsAny<InvalidOperationException>(() => ((RegularizationKind)1000).Effect());
    }

    [Theory]
    [MemberData(nameof(Penalties))]
    public void A_summary_shows_every_penalty_of_weights(string member)
    {
        var regularization = new WeightRegularization();
        typeof(WeightRegularization).GetProperty(member, BindingFlags.Instance | BindingFlags.Public)!.SetValue(regularization, 0.5);

        var kind = member == nameof(WeightRegularization.Sparsity) ? RegularizationKind.Pruned.ToString() : member;
        Assert.Equal([$"{kind}(0.5)"], SummaryBuilder.Texts(regularization));
    }
}
