import java.io.File;
import org.gephi.graph.api.Graph;
import org.gephi.graph.api.GraphController;
import org.gephi.graph.api.GraphModel;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.EdgeMergeStrategy;
import org.gephi.io.importer.api.ImportController;
import org.gephi.io.importer.api.Issue;
import org.gephi.io.processor.plugin.DefaultProcessor;
import org.gephi.project.api.ProjectController;
import org.openide.util.Lookup;

/** Opens files with Gephi's own importers and prints of each: warnings and worse, then nodes, edges and the format of time. */
public class Opened {
    public static void main(String[] files) throws Exception {
        ProjectController projects = Lookup.getDefault().lookup(ProjectController.class);
        ImportController importing = Lookup.getDefault().lookup(ImportController.class);
        for (String file : files) {
            projects.newProject();
            Container container = importing.importFile(new File(file));
            container.getLoader().setEdgesMergeStrategy(EdgeMergeStrategy.NO_MERGE);
            for (Issue issue : container.getReport().getIssuesList(1000)) {
                if (issue.getLevel() != Issue.Level.INFO) {
                    System.out.println("issue " + issue.getLevel() + " " + issue.getMessage());
                }
            }
            importing.process(container, new DefaultProcessor(), projects.getCurrentWorkspace());
            GraphModel model = Lookup.getDefault().lookup(GraphController.class).getGraphModel();
            Graph graph = model.getGraph();
            System.out.println("graph " + graph.getNodeCount() + " " + graph.getEdgeCount() + " " + model.getTimeFormat());
        }
        System.exit(0);
    }
}
