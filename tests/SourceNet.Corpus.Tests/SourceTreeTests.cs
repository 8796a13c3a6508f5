using Microsoft.CodeAnalysis;
using SourceNet.Corpus.Sources;

namespace SourceNet.Corpus.Tests;

public sealed class SourceTreeTests : IDisposable
{
    private const string ListsWithoutUsing = "class Lists { List<int> Numbers = new List<int>(); }";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sources_without_a_project_form_one_compilation()
    {
        _folder.With("A.cs", "class A { }").With("deep/B.cs", "class B : A { }");

        Assert.Equal((".", 2), Assert.Single(Projects().Select(project => (project.Name, project.Files))));
        Assert.Empty(Errors());
    }

    [Fact]
    public void The_nearest_project_owns_a_source()
    {
        _folder.WithProject("Outer.csproj").With("Same.cs", "class Same { }").WithProject("inner/Inner.csproj").With("inner/deep/Same.cs", "class Same { }");

        Assert.Equal(["Outer.csproj", "inner/Inner.csproj"], Projects().Select(project => project.Name).Order(StringComparer.Ordinal));
        Assert.Empty(Errors());
    }

    [Fact]
    public void Sources_beside_the_projects_form_a_compilation_of_their_own()
    {
        _folder.WithProject("one/One.csproj").With("one/Same.cs", "class Same { }").With("Same.cs", "class Same { }").With("one.cs", "class Other { }");

        Assert.Equal([(".", 2), ("one/One.csproj", 1)], Projects().Select(project => (project.Name, project.Files)).Order());
        Assert.Empty(Errors());
    }

    [Fact]
    public void What_a_build_or_a_tool_wrote_is_left_out()
    {
        _folder
            .With("A.cs", "class A { }")
            .With("A.g.cs", "class A { }")
            .With("Form.Designer.cs", "class A { }")
            .With("obj/Debug/A.cs", "class A { }")
            .With("x/bin/A.cs", "class A { }")
            .With(".git/A.cs", "class A { }");

        Assert.Equal(1, Projects().Sum(project => project.Files));
    }

    [Theory]
    [InlineData("<PropertyGroup><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>", true)]
    [InlineData("<PropertyGroup><ImplicitUsings>disable</ImplicitUsings></PropertyGroup>", false)]
    [InlineData("", false)]
    [InlineData("""<ItemGroup><Using Include="System.Collections.Generic" /></ItemGroup>""", true)]
    [InlineData(
        """<PropertyGroup><ImplicitUsings>enable</ImplicitUsings></PropertyGroup><ItemGroup><Using Remove="System.Collections.Generic" /></ItemGroup>""",
        false)]
    public void Usings_are_those_of_the_project_file(string project, bool binds)
    {
        _folder.WithProject("Lists.csproj", project).With("Lists.cs", ListsWithoutUsing);

        Assert.Equal(binds, Errors().Count == 0);
    }

    [Fact]
    public void Using_items_may_be_static_or_have_another_name()
    {
        _folder.WithProject(
            "Names.csproj",
            """<ItemGroup><Using Include="TorchSharp.torch" Static="true" /><Using Include="System.Text.StringBuilder" Alias="Text" /></ItemGroup>""")
            .With("Names.cs", "class Names { Tensor Zero => zeros(1); Text Text = new(); }");

        Assert.Empty(Errors());
    }

    [Fact]
    public void Settings_above_the_project_hold_too_and_the_project_has_the_last_word()
    {
        _folder.With("Directory.Build.props", "<Project><PropertyGroup><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>")
            .WithProject("with/With.csproj").With("with/Lists.cs", ListsWithoutUsing)
            .WithProject("without/Without.csproj", "<PropertyGroup><ImplicitUsings>disable</ImplicitUsings></PropertyGroup>")
                .With("without/Lists.cs", ListsWithoutUsing);

        Assert.Equal(
            [("with/With.csproj", true), ("without/Without.csproj", false)],
            Projects().Select(project => (project.Name, Errors(project).Count == 0)).Order());
    }

    [Theory]
    [InlineData("enable", NullableContextOptions.Enable)]
    [InlineData("warnings", NullableContextOptions.Warnings)]
    [InlineData("$(Other)", NullableContextOptions.Disable)]
    public void Nullable_is_that_of_the_project_file(string value, NullableContextOptions expected)
    {
        _folder.WithProject("A.csproj", $"<PropertyGroup><Nullable>{value}</Nullable></PropertyGroup>").With("A.cs", "class A { }");

        Assert.Equal(expected, Projects().Single().Compilation.Options.NullableContextOptions);
    }

    [Fact]
    public void A_project_sees_those_that_it_refers_to_and_theirs()
    {
        _folder.WithProject("base/Base.csproj").With("base/Base.cs", "public class Base { }")
            .WithProject("middle/Middle.csproj", """<ItemGroup><ProjectReference Include="..\base\Base.csproj" /></ItemGroup>""")
                .With("middle/Middle.cs", "public class Middle : Base { }")
            .WithProject("app/App.csproj", """<ItemGroup><ProjectReference Include="..\Middle\Middle.csproj" /></ItemGroup>""")
                .With("app/App.cs", "class App : Middle { Base Base => this; }");

        Assert.Empty(Errors());
    }

    [Fact]
    public void Projects_that_refer_to_each_other_are_read()
    {
        _folder.WithProject("a/A.csproj", """<ItemGroup><ProjectReference Include="../b/B.csproj" /></ItemGroup>""").With("a/A.cs", "class A { }")
            .WithProject("b/B.csproj", """<ItemGroup><ProjectReference Include="../a/A.csproj" /></ItemGroup>""").With("b/B.cs", "class B { }");

        Assert.Equal(2, Projects().Count);
    }

    [Fact]
    public void A_project_file_that_cannot_be_read_still_owns_its_sources()
    {
        _folder.With("Broken.csproj", "<Project><<<<<<< HEAD").With("A.cs", "class A { }");

        Assert.Equal("Broken.csproj", Projects().Single().Name);
    }

    [Fact]
    public void A_declared_model_has_its_generated_part()
    {
        _folder.With(
            "Net.cs",
            "[SourceNet.Model, SourceNet.Input(4)] public partial class Net { [SourceNet.Linear(2)] private partial TorchSharp.torch.Tensor "
                + "Logits(TorchSharp.torch.Tensor x); }");

        Assert.Empty(Errors());
    }

    [Fact]
    public void A_program_may_consist_of_statements()
    {
        _folder.With("Program.cs", "System.Console.WriteLine(TorchSharp.torch.zeros(1));");

        Assert.Empty(Errors());
    }

    private IReadOnlyList<SourceProject> Projects() => SourceTree.Read(_folder.Path).Projects;

    private IReadOnlyList<Diagnostic> Errors() => Projects().SelectMany(Errors).ToList();

    private static IReadOnlyList<Diagnostic> Errors(SourceProject project) =>
        project.Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
}
