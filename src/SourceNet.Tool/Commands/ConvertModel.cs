using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using SourceNet.Modeling.Conversion;
using SourceNet.Modeling.Sizes;
using SourceNet.Tool.Formats;
using SourceNet.Tool.Loading;
using Spectre.Console;
using Layout = SourceNet.Modeling.Sizes.Layout;

namespace SourceNet.Tool.Commands;

/// <summary><c>sourcenet convert</c>: writes a hand-written module as a declared model, as the refactoring in the editor does.</summary>
internal static class ConvertModel
{
    /// <exception cref="ToolException">There is no such class, or something in it keeps it from being converted.</exception>
    public static async Task<ExitCode> RunAsync(
        string file,
        string name,
        string? input,
        string configuration,
        bool writes,
        IAnsiConsole console,
        TextWriter errors,
        CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            throw new ToolException(ExitCode.Usage, $"{file}: expected a C# file, found nothing");
        }

        var shape = input is null ? null : Sample(input);
        var project = Project(path);
        var loaded = await SolutionLoader.LoadAsync(project, configuration, cancellation);
        var (compilation, tree) = loaded
            .Select(one => (one.Compilation, Tree: one.Compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == path)))
            .FirstOrDefault(one => one.Tree is not null);
        if (tree is null)
        {
            throw new ToolException(ExitCode.Usage, $"{file}: expected a file that {Path.GetFileName(project)} compiles");
        }

        if (compilation.GetTypeByMetadataName("SourceNet.ModelAttribute") is null)
        {
            throw new ToolException(ExitCode.Usage, $"{project}: expected a reference to the package SourceNet, which declared models need");
        }

        var root = (CompilationUnitSyntax)await tree.GetRootAsync(cancellation);
        var declaration = root.DescendantNodes().OfType<ClassDeclarationSyntax>().FirstOrDefault(one => one.Identifier.ValueText == name)
            ?? throw new ToolException(
                ExitCode.Usage,
                $"{file}: expected a class '{name}', found " + string.Join(
                    ", ", root.DescendantNodes().OfType<ClassDeclarationSyntax>().Select(one => one.Identifier.ValueText).DefaultIfEmpty("none")));
        var type = (INamedTypeSymbol)compilation.GetSemanticModel(tree).GetDeclaredSymbol(declaration, cancellation)!;
        var conversion = ModelConverter.Convert(compilation, type, shape, cancellation);
        if (conversion.Code is not { } code)
        {
            throw new ToolException(ExitCode.Usage, $"{file}: '{name}' cannot be converted: {conversion.Obstacle}");
        }

        foreach (var note in conversion.Notes)
        {
            await errors.WriteLineAsync($"note: {note}".AsMemory(), cancellation);
        }

        using var workspace = new AdhocWorkspace();
        var converted = Formatter.Format(
            ModelConverter.Replaced(root, declaration, code, Formatter.Annotation),
            Formatter.Annotation,
            workspace,
            cancellationToken: cancellation).ToFullString();
        if (writes)
        {
            var encoding = tree.Encoding ?? new UTF8Encoding(false);
            OutputFile.Write(path, [.. encoding.Preamble, .. encoding.GetBytes(converted)]);
            console.WriteLine(path);
        }
        else
        {
            console.Profile.Out.Writer.Write(converted);
        }

        return ExitCode.Clean;
    }

    /// <summary>The shape of a sample: numbers, and names of axes whose size differs from batch to batch.</summary>
    private static Shape Sample(string text)
    {
        var sizes = text.Split(',', StringSplitOptions.TrimEntries)
            .Select(size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
                : SyntaxFacts.IsValidIdentifier(size) ? Dim.Symbol(size)
                : Dim.Unknown)
            .ToArray();
        return sizes.All(size => size.IsKnown)
            ? Shape.Of(Layout.Open, sizes)
            : throw new ToolException(ExitCode.Usage, $"--input: expected sizes of one sample such as \"3, 32, 32\", found \"{text}\"");
    }

    /// <summary>The project in the folder of a file, or in the nearest one above.</summary>
    private static string Project(string file)
    {
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.EnumerateFiles(folder, "*.csproj").Any())
            {
                return SolutionLoader.FindProject(folder);
            }
        }

        throw new ToolException(ExitCode.Usage, $"{file}: expected a C# project in its folder or in one above, found none");
    }
}
