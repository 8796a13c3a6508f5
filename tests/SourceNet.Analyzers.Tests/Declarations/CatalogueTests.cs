using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using SourceNet.Analyzers.Declarations;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Analyzers.Tests.Declarations;

/// <summary>Nothing in the catalogue of problems is without a rule, or without a test that has its id and its words.</summary>
public class CatalogueTests
{
    public static TheoryData<string> Ways => new(Factories.Select(factory => factory.Name));

    private static IEnumerable<MethodInfo> Factories => typeof(Problems).GetMethods(BindingFlags.Public | BindingFlags.Static);

    /// <summary>All arguments of all theories here: sources with marks, and messages.</summary>
    private static IReadOnlyList<string> Tested { get; } =
        (from type in typeof(CatalogueTests).Assembly.GetTypes()
         where type.Namespace == typeof(CatalogueTests).Namespace
         from method in type.GetMethods()
         from data in method.GetCustomAttributes<InlineDataAttribute>()
         from argument in data.GetData(method).Single()
         where argument is string
         select (string)argument).ToList();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_to_fail_has_a_rule_of_its_severity(string way)
    {
        var problem = Example(way);
        var rule = Assert.Single(new DeclarationAnalyzer().SupportedDiagnostics, rule => rule.Id == problem.Id);
        Assert.Equal(problem.IsError ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning, rule.DefaultSeverity);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_to_fail_is_tested_with_its_words(string way)
    {
        // Messages that are the same for all sources of a theory stand in its body.
        string[] inBodies =
        [
            nameof(Problems.ForwardSignature), nameof(Problems.NoLayers), nameof(Problems.TwoNorms), nameof(Problems.Misplaced), nameof(Problems.NoWeights),
            nameof(Problems.PartIsNull), nameof(Problems.PartCannotBeRegistered), nameof(Problems.ReservedMember), nameof(Problems.InputMismatch),
            nameof(Problems.NoInput),
            nameof(Problems.StackOfContainer),
        ];
        if (!inBodies.Contains(way))
        {
            var words = new Regex("^" + Regex.Escape(Example(way).Message).Replace("§", ".*").Replace("777", ".*") + "$");
            Assert.Contains(Tested, words.IsMatch);
        }
    }

    [Fact]
    public void Every_rule_reports_a_problem_of_the_catalogue()
    {
        var known = Factories.Select(factory => Example(factory.Name).Id).Distinct().Order();
        Assert.Equal(known, new DeclarationAnalyzer().SupportedDiagnostics.Select(rule => rule.Id).Order());
    }

    [Fact]
    public void Rules_are_enabled_and_described_and_linked()
    {
        foreach (var rule in new DeclarationAnalyzer().SupportedDiagnostics)
        {
            Assert.True(rule.IsEnabledByDefault);
            Assert.Equal("{0}", rule.MessageFormat.ToString());
            Assert.Equal("SourceNet.Declarations", rule.Category);
            Assert.EndsWith(".", rule.Description.ToString());
            Assert.EndsWith($"docs/rules/{rule.Id}.md", rule.HelpLinkUri);
        }
    }

    /// <summary>A problem with stand-ins for what its message tells.</summary>
    private static Problem Example(string way)
    {
        var factory = Factories.Single(factory => factory.Name == way);
        return (Problem)factory.Invoke(null, factory.GetParameters().Select(parameter => (object)(
            parameter.ParameterType == typeof(string) ? "§"
            : parameter.ParameterType == typeof(Shape) ? Shape.Of(Layout.Open, Dim.Symbol("§"))
            : parameter.ParameterType == typeof(long) ? 777L
            : parameter.ParameterType == typeof(int) ? 777
            : parameter.ParameterType == typeof(double) ? 777.0
            : parameter.ParameterType == typeof(bool) ? false
            : Origin.Class)).ToArray())!;
    }
}
