using YamlDotNet.RepresentationModel;

namespace SourceNet.Tool.Tests;

/// <summary>The pipelines of samples/ci, as far as they can be tried without their services.</summary>
public class PipelineTests
{
    [Theory]
    [InlineData("github-actions.yml")]
    [InlineData("azure-pipelines.yml")]
    [InlineData("gitlab-ci.yml")]
    public async Task Its_audit_is_a_command_line_that_the_tool_understands(string file)
    {
        var commands = Scalars(Read(file)).Where(text => text.StartsWith("dotnet sourcenet ", StringComparison.Ordinal)).ToList();

        var arguments = Assert.Single(commands).Split(' ')[2..];
        var (code, _, errors) = await Run.SourcenetAsync([.. arguments, "nowhere.sln"]);

        // It came as far as looking for the solution, so every option is known and has its value.
        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith("error: nowhere.sln: expected a solution", errors, StringComparison.Ordinal);
    }

    private static YamlNode Read(string file)
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(Path.Combine(Run.Root, "samples", "ci", file));
        yaml.Load(text);
        return Assert.Single(yaml.Documents).RootNode;
    }

    private static IEnumerable<string> Scalars(YamlNode node) => node switch
    {
        YamlScalarNode scalar => [scalar.Value!],
        YamlSequenceNode list => list.SelectMany(Scalars),
        YamlMappingNode map => map.Children.SelectMany(pair => Scalars(pair.Value)),
        _ => [],
    };
}
