using System.Diagnostics;

namespace SourceNet.Tool.Tests;

/// <summary>That a converted model computes the same is tested where the logic is; here is the command around it.</summary>
public sealed class ConvertTests : IDisposable
{
    private const string Module = """
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        namespace Demo;

        /// <summary>Größe und Form.</summary>
        public sealed class Net : nn.Module<Tensor, Tensor>
        {
            private readonly Linear hidden = nn.Linear(8, 16);
            private readonly ReLU activation = nn.ReLU();
            private readonly Linear logits = nn.Linear(16, 3);

            public Net() : base(nameof(Net)) => RegisterComponents();

            public override Tensor forward(Tensor input) => logits.call(activation.call(hidden.call(input)));
        }

        public sealed class Images : nn.Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = nn.Conv2d(3, 4, 3);
            private readonly Linear logits = nn.Linear(4 * 4 * 4, 3);

            public Images(string name, Device? device = null) : base(name)
            {
                RegisterComponents();
                if (device is not null)
                    this.to(device);
            }

            public override Tensor forward(Tensor input) => logits.call(conv.call(input).flatten(1));
        }

        public sealed class Other : nn.Module<Tensor, Tensor>
        {
            public Other() : base("Other")
            {
            }

            public Other(int size) : base("Other")
            {
            }

            public override Tensor forward(Tensor input) => input + 1;
        }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_module_is_shown_as_a_declared_model_and_written_if_that_is_asked_for()
    {
        var file = await ProjectAsync(Module);

        var shown = await Run.SourcenetAsync("convert", file, "--type", "Net");
        Assert.Equal((ExitCode.Clean, "", Module), (shown.ExitCode, shown.Errors, await File.ReadAllTextAsync(file)));
        Assert.Contains("using SourceNet;", shown.Output, StringComparison.Ordinal);
        Assert.Contains("/// <summary>Größe und Form.</summary>", shown.Output, StringComparison.Ordinal);
        Assert.Contains("public sealed partial class Net", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Linear(16, Name = \"hidden\")", shown.Output, StringComparison.Ordinal);
        Assert.Contains("public Other(int size)", shown.Output, StringComparison.Ordinal);

        var written = await Run.SourcenetAsync("convert", file, "--type", "Net", "--write");
        Assert.Equal((ExitCode.Clean, ""), (written.ExitCode, written.Errors));
        Assert.Equal(shown.Output, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_size_that_no_layer_says_is_asked_for_and_taken()
    {
        var file = await ProjectAsync(Module);

        var open = await Run.SourcenetAsync("convert", file, "--type", "Images");
        Assert.Equal(ExitCode.Usage, open.ExitCode);
        Assert.Contains("a size is missing: say the shape of a sample with --input, as in --input \"3, 32, 32\"", open.Errors, StringComparison.Ordinal);

        var stated = await Run.SourcenetAsync("convert", file, "--type", "Images", "--input", "3, 6, 6");
        Assert.Equal((ExitCode.Clean, ""), (stated.ExitCode, stated.Errors));
        Assert.Contains("[Model, Input(3, 6, 6)]", stated.Output, StringComparison.Ordinal);
        Assert.Contains("public Images(string name, Device? device = null)", stated.Output, StringComparison.Ordinal);

        var wrong = await Run.SourcenetAsync("convert", file, "--type", "Images", "--input", "3, 7, 7");
        Assert.Contains("'logits' takes 64, but a sample of [3, 7, 7] comes to it as [100]", wrong.Errors, StringComparison.Ordinal);

        var unreadable = await Run.SourcenetAsync("convert", file, "--type", "Images", "--input", "3x7");
        Assert.Equal(ExitCode.Usage, unreadable.ExitCode);
        Assert.Contains("--input: expected sizes of one sample such as \"3, 32, 32\", found \"3x7\"", unreadable.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_keeps_a_class_from_being_converted_is_said_and_nothing_is_written()
    {
        var file = await ProjectAsync(Module);

        var other = await Run.SourcenetAsync("convert", file, "--type", "Other", "--write");
        var none = await Run.SourcenetAsync("convert", file, "--type", "Nothing", "--write");

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (other.ExitCode, none.ExitCode));
        Assert.Contains("'Other' cannot be converted: 'Other' has 2 constructors", other.Errors, StringComparison.Ordinal);
        Assert.Contains("expected a class 'Nothing', found Net, Images, Other", none.Errors, StringComparison.Ordinal);
        Assert.Equal(Module, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_project_without_SourceNet_is_asked_to_reference_it()
    {
        var file = await ProjectAsync(Module, referencesSourceNet: false);

        Assert.Contains(
            "expected a reference to the package SourceNet",
            (await Run.SourcenetAsync("convert", file, "--type", "Net")).Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named() =>
        Assert.Equal(
            $"error: {folder.File("Net.cs")}: expected a C# file, found nothing\n",
            (await Run.SourcenetAsync("convert", folder.File("Net.cs"), "--type", "Net")).Errors.ReplaceLineEndings("\n"));

    /// <summary>A project with one file in a folder of its own.</summary>
    private async Task<string> ProjectAsync(string source, bool referencesSourceNet = true)
    {
        var library = Path.Combine(Run.Root, "src", "SourceNet", "bin", Run.Configuration, "net8.0", "SourceNet.dll");
        folder.Write("Demo.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{Run.TorchSharp}" />
                {(referencesSourceNet ? $"<Reference Include=\"{library}\" />" : "")}
              </ItemGroup>
            </Project>
            """);
        Directory.CreateDirectory(folder.File("Models"));
        var file = folder.Write(Path.Combine("Models", "Net.cs"), source);
        using var restore = Process.Start(new ProcessStartInfo("dotnet", ["restore", folder.Path]) { RedirectStandardOutput = true })!;
        var output = await restore.StandardOutput.ReadToEndAsync();
        await restore.WaitForExitAsync();
        Assert.True(restore.ExitCode == 0, output);
        return file;
    }
}
