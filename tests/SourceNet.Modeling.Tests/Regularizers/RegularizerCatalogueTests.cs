using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Regularizers;
using Kind = SourceNet.Modeling.RegularizationKind;
using Place = SourceNet.Modeling.RegularizationPlace;

namespace SourceNet.Modeling.Tests.Regularizers;

/// <summary>The catalogue has every regularizer, and the run time has what the catalogue names. What is left out is named.</summary>
public partial class RegularizerCatalogueTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    public static TheoryData<Kind> Kinds => new(Enum.GetValues<Kind>());

    /// <summary>Those that are no layers.</summary>
    public static TheoryData<Kind> Attributes =>
        new(RegularizerCatalogue.All.Where(regularizer => regularizer is not LayerRegularizer).Select(regularizer => regularizer.Kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_one_entry(Kind kind) => Assert.Single(RegularizerCatalogue.All, regularizer => regularizer.Kind == kind);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Its_attribute_may_stand_where_the_entry_says(Kind kind)
    {
        var entry = RegularizerCatalogue.Of(kind);

        var attribute = RunTime($"SourceNet.{entry.Attribute}Attribute");
        var targets = attribute.GetCustomAttribute<AttributeUsageAttribute>()!.ValidOn;

        Assert.Equal(entry is LayerRegularizer, attribute.IsSubclassOf(typeof(LayerAttribute)));
        Assert.Equal(entry is not ClassRegularizer, targets.HasFlag(AttributeTargets.Method));
        Assert.Equal(entry is not LayerRegularizer { Off: null }, targets.HasFlag(AttributeTargets.Class));
    }

    [Theory]
    [MemberData(nameof(Attributes))]
    public void The_run_time_has_what_generated_code_sets(Kind kind)
    {
        switch (RegularizerCatalogue.Of(kind))
        {
            case WeightPenalty penalty:
                Assert.Equal(typeof(double?), typeof(WeightRegularization).GetProperty(penalty.Member)?.PropertyType);
                Assert.True(penalty.AlsoMember is null || typeof(WeightRegularization).GetProperty(penalty.AlsoMember)?.PropertyType == typeof(int));
                break;
            case Modeling.Regularizers.WeightConstraint constraint:
                Assert.NotEmpty(typeof(SourceNet.WeightConstraint).GetMember(constraint.Constraint("").Split('(')[0]));
                break;
            case Reparametrization reparametrization:
                Assert.True(RunTime("SourceNet.CompilerServices." + reparametrization.Module).IsAssignableTo(typeof(TorchSharp.torch.nn.Module)));
                break;
            case CompositeRegularizer composite:
                var half = new Strength(Graph.Rate.Of(0.5)) { Also = new Strength(Graph.Rate.Of(0.5)) };
                Assert.All(composite.Parts(half), part => Assert.IsAssignableFrom<GroupRegularizer>(RegularizerCatalogue.Of(part.Kind)));
                break;
            case ParameterTreatment { Kind: Kind.LearningRate }:
                Assert.Equal(typeof(double), typeof(RegularizedGroup).GetProperty(nameof(RegularizedGroup.LearningRateFactor))?.PropertyType);
                break;
            case ParameterTreatment { Kind: Kind.Frozen }:
                Assert.NotNull(typeof(SourceNet.CompilerServices.LayerRegistry).GetMethod(nameof(SourceNet.CompilerServices.LayerRegistry.Freeze)));
                break;
            case LossRegularizer ofLoss:
                Assert.Contains(typeof(Objectives).GetMethod(ofLoss.Objective.ToString())!.GetParameters(), parameter => parameter.Name == ofLoss.Parameter);
                break;
            case GradientRegularizer ofGradients:
                Assert.NotNull(typeof(Model).GetProperty(ofGradients.Class, BindingFlags.Instance | BindingFlags.NonPublic));
                break;
            case TrainingTechnique technique:
                Assert.Equal(technique.IsWhole ? typeof(int?) : typeof(double?), typeof(DeclaredTraining).GetProperty(technique.Member)?.PropertyType);
                break;
            case var other:
                Assert.Fail($"{other.Kind} is of no family that code is generated for.");
                break;
        }
    }

    [Fact]
    public void Every_member_that_generated_code_can_set_is_of_an_entry()
    {
        var ofWeights = typeof(WeightRegularization)
            .GetProperties()
            .Where(property => property.PropertyType == typeof(double?))
            .Select(property => property.Name);
        var ofTraining = typeof(DeclaredTraining).GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(property => property.Name);

        Assert.Equal(ofWeights.Order(), RegularizerCatalogue.All.OfType<WeightPenalty>().Select(penalty => penalty.Member).Order());
        var techniques = RegularizerCatalogue.All.OfType<TrainingTechnique>().ToList();
        Assert.Equal(
            ofTraining.Order(),
            techniques.Select(technique => technique.Member).Concat(techniques.Select(technique => technique.Setting?.Member).OfType<string>()).Order());
    }

    [Theory]
    [MemberData(nameof(Attributes))]
    public void A_block_or_a_class_declares_it_and_what_is_out_of_range_is_an_error(Kind kind)
    {
        var entry = RegularizerCatalogue.Of(kind);
        var text = entry.Argument is StrengthArgument.Number { Range: var range }
            ? range.Includes(0.5) ? $"{entry.Attribute}(0.5)" : $"{entry.Attribute}(5)"
            : entry.Attribute;

        var good = Declared(text);
        Assert.Equal(
            entry is WeightRegularizer ? Modeling.Provenance.Default : Modeling.Provenance.Explicit,
            Assert.Single(Entries(good), found => found.Kind == kind).Provenance);
        Assert.Empty(good.Problems);

        if (entry.Argument is StrengthArgument.Number number)
        {
            var wrong = Declared(entry.Attribute == "EarlyStopping" ? "EarlyStopping(-1)" : $"{entry.Attribute}(-1.0)");
            Assert.Contains(
                $"{number.What} of {entry.Attribute} must be {number.Range.Words}, found -1",
                Assert.Single(wrong.Problems).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Attributes))]
    public void Without_a_model_it_is_reported(Kind kind)
    {
        var attribute = RegularizerCatalogue.Of(kind).Attribute;
        var stray = Declarations.Compile($"[{attribute}(1)] class Net {{ }}").GetTypeByMetadataName("Net")!;

        Assert.Contains($"[{attribute}]", StrayAttributes.Find(stray)?.Message, StringComparison.Ordinal);
    }

    /// <summary><c>SOURCENET_ACCEPT=1</c> writes the table.</summary>
    [Fact]
    public void The_table_of_the_documentation_is_current()
    {
        var path = Path.Combine(s_root, "docs", "declaring-models.md");
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.Matches(TablePattern(), text);
        var current = TablePattern().Replace(text, _ => $"<!-- regularizers -->\n{Table()}<!-- /regularizers -->");
        if (Environment.GetEnvironmentVariable("SOURCENET_ACCEPT") == "1")
        {
            File.WriteAllText(path, current);
            return;
        }

        Assert.Equal(current, text);
    }

    [Fact]
    public void The_readme_names_every_attribute()
    {
        var text = File.ReadAllText(Path.Combine(s_root, "README.md"));

        Assert.All(RegularizerCatalogue.All, regularizer => Assert.Matches($"`{regularizer.Attribute}[`(]", text));
    }

    private static string Table()
    {
        var source = File.ReadAllText(Path.Combine(s_root, "src", "SourceNet", "Diagnostics", "RegularizationKind.cs")).ReplaceLineEndings("\n");
        var table = new StringBuilder("| attribute | what it does | where it acts | how a block switches its class's default off |\n|---|---|---|---|\n");
        foreach (var regularizer in RegularizerCatalogue.All.OrderBy(regularizer => regularizer.Place))
        {
            var summary = Regex.Match(source, $"<summary>(.*)</summary>\n    {regularizer.Kind},").Groups[1].Value.Replace("<c>", "`").Replace("</c>", "`");
            var attribute = regularizer.Attribute == regularizer.Kind.ToString()
                ? regularizer.Attribute
                : $"{regularizer.Attribute}({regularizer.Kind.ToString().Replace(regularizer.Attribute, "")})";
            table.Append(
                $"| `{attribute}` | {summary} | {Words(regularizer)} | "
                    + $"{(regularizer.Off is { } off ? $"`{off}`" : regularizer is ClassRegularizer ? "on the class only" : "on a block only")} |\n");
        }

        return table.ToString();
    }

    private static string Words(Regularizer regularizer) => regularizer.Place switch
    {
        Place.Forward => "forward pass",
        Place.Reparametrization => "weights, in the forward pass",
        Place.Step => regularizer is Modeling.Regularizers.WeightConstraint ? "weights, after the optimizer step" : "weights, in the optimizer step",
        Place.Objective => "loss",
        Place.Gradients => "gradients, before the optimizer step",
        Place.Data => "batches of the training loop",
        Place.Training => "training loop",
        var place => throw new InvalidOperationException($"There are no words for {place}."),
    };

    private static Graph.ModelDeclaration Declared(string attribute) =>
        Declarations.Read($"[Model, Input(3), {attribute}] partial class M {{ [Linear(4)] private partial Tensor Body(Tensor x); }}");

    private static IEnumerable<DeclaredRegularizer> Entries(Graph.ModelDeclaration declaration) =>
        declaration.Regularizers.Entries.Concat(declaration.ModelRegularizers);

    private static Type RunTime(string name) => typeof(Model).Assembly.GetType(name) ?? throw new InvalidOperationException($"There is no {name}.");

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("<!-- regularizers -->\n.*?<!-- /regularizers -->", RegexOptions.Singleline)]
    private static partial Regex TablePattern();
}
