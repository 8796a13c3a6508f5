using System.ComponentModel;
using System.Reflection;

namespace SourceNet.Tests;

/// <summary>What only generated code calls is out of the way of people who write models.</summary>
public class CompilerServicesTests
{
    private const string Root = "SourceNet.CompilerServices";

    public static TheoryData<Type> Types => new(typeof(Model).Assembly.GetExportedTypes().Where(type => type.Namespace == Root
        || type.Namespace!.StartsWith(Root + ".", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Types))]
    public void What_generated_code_calls_is_hidden_from_completion(Type type) => Assert.True(IsHidden(type), type.FullName);

    [Theory]
    [InlineData("RegisterLayers")]
    [InlineData("LayerDescriptions")]
    [InlineData("Arguments")]
    [InlineData("ForwardSum")]
    public void What_generated_code_overrides_is_hidden_from_completion(string member) =>
        Assert.True(IsHidden(typeof(Model).GetMember(member, BindingFlags.Instance | BindingFlags.NonPublic).Single()));

    [Fact]
    public void What_a_person_writes_is_offered() =>
        Assert.DoesNotContain(typeof(Model).Assembly.GetExportedTypes(), type => !type.Namespace!.StartsWith(Root, StringComparison.Ordinal) && IsHidden(type));

    private static bool IsHidden(MemberInfo member) => member.GetCustomAttribute<EditorBrowsableAttribute>()?.State == EditorBrowsableState.Never;
}
